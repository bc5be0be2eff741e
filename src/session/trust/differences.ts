// Where a value that was read is another than the one expected, leaf by leaf. Pure.
import type { Value } from '../../model/index.ts';

export interface Compared {
  readonly leaves: number;
  /** Paths, the first of them in full. */
  readonly different: readonly string[];
}

export function differences(read: Value, expected: Value): Compared {
  let leaves = 0;
  const different: string[] = [];
  const walk = (a: unknown, b: unknown, path: string, part: boolean): void => {
    const isLeaf = typeof a !== 'object' || a === null || typeof b !== 'object' || b === null;
    if (isLeaf) {
      leaves++;
      if (!Object.is(a, b)) different.push(`${path} is read as ${text(a)}, and is ${text(b)}`);
      return;
    }
    if (Array.isArray(a) !== Array.isArray(b)) {
      different.push(path);
      return;
    }
    // A closure also sees what stands around it; where an error arose is an accessor in some versions and nothing in others.
    const own = part ? [] : Object.keys(a).filter((name) => name !== 'stack');
    for (const name of new Set([...own, ...Object.keys(b)]))
      walk(Reflect.get(a, name), Reflect.get(b, name), `${path}.${name}`, name === 'variables');
  };
  walk(read, expected, '$', false);
  return { leaves, different };
}

function text(value: unknown): string {
  return Object.is(value, -0) ? '-0' : (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}
