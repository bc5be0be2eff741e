// The files of one module of the generated tree, as text: its record, store, service, events; the module's index and the application.

import { handlersFile, policyFile, reportFile, viewFile } from './moduleEdges.ts';
import { lower, stepsOf, type Subject } from './subject.ts';

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
