// What all modules of the generated tree stand on: errors, events, identities, keepers, requests.

export const KERNEL: Readonly<Record<string, string>> = {
  'kernel/errors.ts': `export class DomainError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

export class NotFound extends DomainError {
  constructor(what: string, id: string) {
    super('not-found', \`\${what} \${id} is not known\`);
  }
}

export class Refused extends DomainError {
  constructor(what: string, state: string) {
    super('refused', \`\${what} cannot be done while \${state}\`);
  }
}
`,
  'kernel/events.ts': `export interface DomainEvent {
  readonly name: string;
  readonly subject: string;
  readonly at: Date;
}

export type Listener = (event: DomainEvent) => void;

export class EventBus {
  private readonly listeners: Listener[] = [];
  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }
  publish(event: DomainEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
`,
  'kernel/repository.ts': `import { NotFound } from './errors';

export interface Identified {
  readonly id: string;
}

export class Repository<T extends Identified> {
  private readonly items = new Map<string, T>();
  constructor(private readonly what: string) {}
  save(item: T): void {
    this.items.set(item.id, item);
  }
  find(id: string): T | undefined {
    return this.items.get(id);
  }
  get(id: string): T {
    const item = this.items.get(id);
    if (!item) throw new NotFound(this.what, id);
    return item;
  }
  all(): T[] {
    return [...this.items.values()];
  }
  where(test: (item: T) => boolean): T[] {
    return this.all().filter(test);
  }
  remove(id: string): boolean {
    return this.items.delete(id);
  }
}
`,
  'kernel/http.ts': `export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

export interface Response {
  readonly status: number;
  readonly body: unknown;
}

export type Handler = (request: Request) => Promise<Response>;

export function ok(body: unknown): Response {
  return { status: 200, body };
}

export function created(body: unknown): Response {
  return { status: 201, body };
}
`,
  'kernel/ids.ts': `let last = 0;

export function nextId(prefix: string): string {
  last += 1;
  return \`\${prefix}-\${last}\`;
}
`,
  'kernel/index.ts': `export * from './errors';
export * from './events';
export * from './http';
export * from './ids';
export * from './repository';
`,
};
