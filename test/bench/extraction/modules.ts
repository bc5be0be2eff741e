// The files of one module of the generated tree, as text: its record, store, service, events, rules, views, handlers and report.

/** The words of a module: what it is about, the states its records go through, the attributes they have. */
export interface Subject {
  readonly name: string;
  readonly states: readonly string[];
  readonly attributes: readonly (readonly [name: string, type: string])[];
  /** Another module's record that this one refers to. */
  readonly of: string | undefined;
}

export const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Steps from each state to the next, and one out of the way at the end. */
function stepsOf({ states }: Subject): { readonly name: string; readonly from: string; readonly to: string }[] {
  return states
    .slice(1)
    .map((to, i) => ({ name: `mark${to.charAt(0).toUpperCase()}${to.slice(1)}`, from: states[i] as string, to }));
}

function recordFile(subject: Subject): string {
  const { name, states, attributes, of } = subject;
  const fields = attributes.map(([field, type]) => `  ${field}: ${type};`).join('\n');
  const given = attributes.map(([field, type]) => `  readonly ${field}: ${type};`).join('\n');
  const taken = attributes.map(([field]) => `    this.${field} = given.${field};`).join('\n');
  const steps = stepsOf(subject).map(
    (step) => `
  ${step.name}(by: string, now: Date): void {
    if (this.status !== '${step.from}') throw new Refused('${step.name}', this.status);
    this.status = '${step.to}';
    this.changedBy = by;
    this.changedAt = now;
    this.history.push({ status: this.status, by, at: now });
  }`,
  );
  return `import { Refused, type Identified } from '../../kernel';
${of ? `import type { ${of} } from '../${lower(of)}';\n` : ''}
export type ${name}Status = ${states.map((s) => `'${s}'`).join(' | ')};

export interface ${name}Change {
  readonly status: ${name}Status;
  readonly by: string;
  readonly at: Date;
}

export interface ${name}Given {
${given}
}

/** One ${lower(name)} and what becomes of it. */
export class ${name} implements Identified {
  readonly id: string;
  status: ${name}Status = '${states[0]}';
${fields}
${of ? `  ${lower(of)}: ${of} | undefined;\n` : ''}  changedBy: string | undefined;
  changedAt: Date | undefined;
  readonly history: ${name}Change[] = [];

  constructor(id: string, given: ${name}Given) {
    this.id = id;
${taken}
  }
${steps.join('\n')}

  get isOver(): boolean {
    return this.status === '${states.at(-1)}';
  }
${of ? `\n  attach(${lower(of)}: ${of}): void {\n    this.${lower(of)} = ${lower(of)};\n  }\n` : ''}}
`;
}

function storeFile({ name, states }: Subject): string {
  return `import { Repository } from '../../kernel';
import { ${name}, type ${name}Status } from './${name}';

export class ${name}Repository extends Repository<${name}> {
  constructor() {
    super('${name}');
  }

  inStatus(status: ${name}Status): ${name}[] {
    return this.where((item) => item.status === status);
  }

  open(): ${name}[] {
    return this.where((item) => item.status !== '${states.at(-1)}');
  }

  changedSince(at: Date): ${name}[] {
    return this.where((item) => item.changedAt !== undefined && item.changedAt >= at);
  }

  oldest(): ${name} | undefined {
    return [...this.all()].sort((a, b) => (a.changedAt?.getTime() ?? 0) - (b.changedAt?.getTime() ?? 0))[0];
  }
}
`;
}

function serviceFile(subject: Subject): string {
  const { name, of } = subject;
  const it = lower(name);
  const steps = stepsOf(subject).map(
    (step) => `
  async ${step.name}(id: string, by: string): Promise<${name}> {
    const ${it} = this.${it}s.get(id);
    ${it}.${step.name}(by, this.now());
    this.${it}s.save(${it});
    this.bus.publish(${it}Event('${it}.${step.to}', ${it}, by, this.now()));
    return ${it};
  }`,
  );
  return `import { nextId, Refused, type EventBus } from '../../kernel';
${of ? `import type { ${of}Repository } from '../${lower(of)}';\n` : ''}import { ${name}, type ${name}Given } from './${name}';
import { ${it}Event } from './${name}Events';
import { isAllowed, problemsOf } from './${name}Policy';
import type { ${name}Repository } from './${name}Repository';

export class ${name}Service {
  constructor(
    private readonly ${it}s: ${name}Repository,
${of ? `    private readonly ${lower(of)}s: ${of}Repository,\n` : ''}    private readonly bus: EventBus,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async create(given: ${name}Given, by: string${of ? `, ${lower(of)}Id?: string` : ''}): Promise<${name}> {
    const problems = problemsOf(given);
    if (problems.length > 0) throw new Refused('create', problems.join(', '));
    const ${it} = new ${name}(nextId('${it}'), given);
${of ? `    if (${lower(of)}Id !== undefined) ${it}.attach(this.${lower(of)}s.get(${lower(of)}Id));\n` : ''}    this.${it}s.save(${it});
    this.bus.publish(${it}Event('${it}.created', ${it}, by, this.now()));
    return ${it};
  }
${steps.join('\n')}

  async revise(id: string, change: Partial<${name}Given>, by: string): Promise<${name}> {
    const ${it} = this.${it}s.get(id);
    if (!isAllowed(${it}, by)) throw new Refused('revise', ${it}.status);
    Object.assign(${it}, change);
    ${it}.changedBy = by;
    ${it}.changedAt = this.now();
    this.${it}s.save(${it});
    return ${it};
  }

  async discard(id: string): Promise<void> {
    const ${it} = this.${it}s.get(id);
    if (!${it}.isOver) throw new Refused('discard', ${it}.status);
    this.${it}s.remove(id);
  }
}
`;
}

function eventsFile({ name, states }: Subject): string {
  const it = lower(name);
  return `import type { DomainEvent } from '../../kernel';
import type { ${name} } from './${name}';

export type ${name}EventName = '${it}.created' | ${states
    .slice(1)
    .map((s) => `'${it}.${s}'`)
    .join(' | ')};

export interface ${name}Event extends DomainEvent {
  readonly name: ${name}EventName;
  readonly ${it}Id: string;
  readonly by: string;
}

export function ${it}Event(name: ${name}EventName, ${it}: ${name}, by: string, at: Date): ${name}Event {
  return { name, subject: '${it}', ${it}Id: ${it}.id, by, at };
}

export function is${name}Event(event: DomainEvent): event is ${name}Event {
  return event.subject === '${it}';
}
`;
}

function policyFile({ name, attributes, states }: Subject): string {
  const checks = attributes.map(([field, type]) =>
    type === 'number'
      ? `  if (given.${field} < 0 || Number.isNaN(given.${field})) problems.push('${field} is below zero');`
      : type === 'string'
        ? `  if (given.${field}.trim() === '') problems.push('${field} is empty');`
        : type === 'string[]'
          ? `  if (given.${field}.some((each) => each === '')) problems.push('${field} has an empty one');`
          : `  if (given.${field} === null) problems.push('${field} is missing');`,
  );
  return `import type { ${name}, ${name}Given, ${name}Status } from './${name}';

const RANK: Readonly<Record<${name}Status, number>> = {
${states.map((s, i) => `  ${s}: ${i},`).join('\n')}
};

export function problemsOf(given: ${name}Given): string[] {
  const problems: string[] = [];
${checks.join('\n')}
  return problems;
}

export function isAllowed(${lower(name)}: ${name}, by: string): boolean {
  if (${lower(name)}.isOver) return false;
  return ${lower(name)}.changedBy === undefined || ${lower(name)}.changedBy === by || by.startsWith('lead:');
}

export function isBefore(a: ${name}Status, b: ${name}Status): boolean {
  return RANK[a] < RANK[b];
}

export function mostAdvanced(items: readonly ${name}[]): ${name} | undefined {
  let best: ${name} | undefined;
  for (const item of items) {
    if (!best || RANK[item.status] > RANK[best.status]) best = item;
  }
  return best;
}
`;
}

function viewFile({ name, attributes }: Subject): string {
  const it = lower(name);
  return `import type { ${name}, ${name}Given } from './${name}';

export interface ${name}View {
  readonly id: string;
  readonly status: string;
${attributes.map(([field, type]) => `  readonly ${field}: ${type === 'Date | undefined' ? 'string | undefined' : type};`).join('\n')}
  readonly changes: number;
}

export function toView(${it}: ${name}): ${name}View {
  return {
    id: ${it}.id,
    status: ${it}.status,
${attributes.map(([field, type]) => `    ${field}: ${it}.${field}${type === 'Date | undefined' ? '?.toISOString()' : ''},`).join('\n')}
    changes: ${it}.history.length,
  };
}

export function fromBody(body: unknown): ${name}Given {
  const given = body as Partial<Record<keyof ${name}Given, unknown>>;
  return {
${attributes
  .map(([field, type]) =>
    type === 'number'
      ? `    ${field}: Number(given.${field} ?? 0),`
      : type === 'string'
        ? `    ${field}: String(given.${field} ?? ''),`
        : type === 'boolean'
          ? `    ${field}: given.${field} === true,`
          : type === 'string[]'
            ? `    ${field}: Array.isArray(given.${field}) ? given.${field}.map(String) : [],`
            : type === 'Date | undefined'
              ? `    ${field}: typeof given.${field} === 'string' ? new Date(given.${field}) : undefined,`
              : `    ${field}: given.${field} as ${name}Given['${field}'],`,
  )
  .join('\n')}
  };
}
`;
}

function handlersFile(subject: Subject): string {
  const { name } = subject;
  const it = lower(name);
  const steps = stepsOf(subject).map(
    (step) => `
  async ${step.name}(request: Request): Promise<Response> {
    const by = request.headers['x-user'] ?? 'nobody';
    const ${it} = await this.service.${step.name}(request.params['id'] ?? '', by);
    return ok(toView(${it}));
  }`,
  );
  return `import { created, ok, type Request, type Response } from '../../kernel';
import type { ${name}Repository } from './${name}Repository';
import type { ${name}Service } from './${name}Service';
import { fromBody, toView } from './${name}View';

export class ${name}Handlers {
  constructor(
    private readonly service: ${name}Service,
    private readonly ${it}s: ${name}Repository,
  ) {}

  async list(request: Request): Promise<Response> {
    const wanted = request.params['status'];
    const items = wanted === undefined ? this.${it}s.all() : this.${it}s.where((item) => item.status === wanted);
    return ok(items.map(toView));
  }

  async get(request: Request): Promise<Response> {
    return ok(toView(this.${it}s.get(request.params['id'] ?? '')));
  }

  async create(request: Request): Promise<Response> {
    const by = request.headers['x-user'] ?? 'nobody';
    return created(toView(await this.service.create(fromBody(request.body), by)));
  }
${steps.join('\n')}
}
`;
}

function reportFile(subject: Subject, roll: (below: number) => number): string {
  const { name, states, attributes } = subject;
  const it = lower(name);
  const figures = Array.from({ length: 10 + roll(12) }, (_, i) => {
    const state = states[roll(states.length)] as string;
    const [field, type] = attributes[roll(attributes.length)] as readonly [string, string];
    const value =
      type === 'number' ? `item.${field}` : type === 'string[]' ? `item.${field}.length` : `(item.${field} ? 1 : 0)`;
    return `
export function figure${i + 1}(items: readonly ${name}[], since: Date): Figure {
  const chosen = items.filter((item) => item.status === '${state}' && (item.changedAt ?? since) >= since);
  let sum = 0;
  let most = 0;
  for (const item of chosen) {
    const value = ${value};
    sum += value;
    if (value > most) most = value;
  }
  const mean = chosen.length === 0 ? 0 : sum / chosen.length;
  return { name: '${field} of ${state}', count: chosen.length, sum, mean, most };
}`;
  });
  return `import type { ${name} } from './${name}';

export interface Figure {
  readonly name: string;
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly most: number;
}
${figures.join('\n')}

export function ${it}Report(items: readonly ${name}[], since: Date): Figure[] {
  return [${figures.map((_, i) => `figure${i + 1}(items, since)`).join(', ')}];
}
`;
}

export function appFile(subjects: readonly Subject[]): string {
  return `import { EventBus } from './kernel';
${subjects.map(({ name }) => `import { ${name}Handlers, ${name}Repository, ${name}Service } from './modules/${lower(name)}';`).join('\n')}

export const bus = new EventBus();
${subjects.map(({ name }) => `export const ${lower(name)}s = new ${name}Repository();`).join('\n')}

export const handlers = {
${subjects
  .map(({ name, of }) => {
    const it = lower(name);
    return `  ${it}: new ${name}Handlers(new ${name}Service(${it}s, ${of ? `${lower(of)}s, ` : ''}bus), ${it}s),`;
  })
  .join('\n')}
};
`;
}

/** Texts by name of file, without its ending. */
export function moduleFiles(subject: Subject, roll: (below: number) => number): Readonly<Record<string, string>> {
  const { name } = subject;
  return {
    [name]: recordFile(subject),
    [`${name}Events`]: eventsFile(subject),
    [`${name}Handlers`]: handlersFile(subject),
    [`${name}Policy`]: policyFile(subject),
    [`${name}Report`]: reportFile(subject, roll),
    [`${name}Repository`]: storeFile(subject),
    [`${name}Service`]: serviceFile(subject),
    [`${name}View`]: viewFile(subject),
  };
}
