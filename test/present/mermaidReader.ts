// Reads diagrams with Mermaid's own parser and gives back what it understood, labels decoded as it decodes them when it draws.
import { createRequire } from 'node:module';

/** Mermaid cleans labels with a sanitizer that wants a page. */
const { JSDOM } = createRequire(import.meta.url)('jsdom') as {
  JSDOM: new (page: string) => { readonly window: { readonly document: object } };
};
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import('mermaid');

export interface Understood {
  /** Name and names of attributes. */
  readonly entities: readonly (readonly [string, readonly string[]])[];
  readonly relations: readonly (readonly [string, string, string])[];
  /** By title: from and to of each transition, `[*]` for beginning and end. */
  readonly machines: ReadonlyMap<string, readonly (readonly [string, string])[]>;
}

interface EntityDb {
  getEntities(): Map<
    string,
    { readonly id: string; readonly alias: string; readonly attributes: readonly { readonly name: string }[] }
  >;
  getRelationships(): readonly { readonly entityA: string; readonly entityB: string; readonly roleA: string }[];
}
interface StateDb {
  getStates(): Map<string, { readonly descriptions: readonly string[] }>;
  getRelations(): readonly { readonly id1: string; readonly id2: string }[];
}

export async function readMermaid(markdown: string): Promise<Understood> {
  const entities: [string, string[]][] = [];
  const relations: [string, string, string][] = [];
  const machines = new Map<string, [string, string][]>();
  for (const [, text = ''] of markdown.matchAll(/```mermaid\n([\s\S]*?)\n```/g)) {
    await mermaid.parse(text);
    const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    if (type === 'er') {
      const known = (db as unknown as EntityDb).getEntities();
      const names = new Map([...known.values()].map(({ id, alias }) => [id, decoded(alias)]));
      for (const { alias, attributes } of known.values())
        entities.push([decoded(alias), attributes.map(({ name }) => name)]);
      for (const { entityA, entityB, roleA } of (db as unknown as EntityDb).getRelationships())
        relations.push([names.get(entityA) ?? '', decoded(roleA), names.get(entityB) ?? '']);
    } else {
      const states = (db as unknown as StateDb).getStates();
      const nameOf = (id: string): string => decoded(states.get(id)?.descriptions[0] ?? '') || '[*]';
      const title = decoded(/^title: "(.*)"$/m.exec(text)?.[1] ?? '');
      machines.set(
        title,
        (db as unknown as StateDb).getRelations().map(({ id1, id2 }) => [nameOf(id1), nameOf(id2)]),
      );
    }
  }
  return { entities, relations, machines };
}

/** `#NN;` is an entity to Mermaid; its parser carries it as `ﬂ°°NN¶ß`. */
function decoded(label: string): string {
  return label.replace(/(?:#|ﬂ°°)(\d+)(?:;|¶ß)/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
