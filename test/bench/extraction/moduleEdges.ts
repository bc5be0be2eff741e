// The files of one module of the generated tree that stand around its record: rules, views, handlers of requests, a report.

import { lower, stepsOf, type Subject } from './subject.ts';

export function policyFile({ name, attributes, states }: Subject): string {
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

export function viewFile({ name, attributes }: Subject): string {
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

export function handlersFile(subject: Subject): string {
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

export function reportFile(subject: Subject, roll: (below: number) => number): string {
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
