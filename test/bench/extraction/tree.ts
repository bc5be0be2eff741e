// A source tree of any size, the same for the same seed: modules of a business (records, services, stores, handlers, events) above a
// shared kernel. Written as a team would write it, so that what reads it meets imports, inheritance, guards and unions in usual numbers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KERNEL } from './kernel.ts';
import { appFile, moduleFiles } from './modules.ts';
import { lower, type Subject } from './subject.ts';

export interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly lines: number;
}

const FIRST =
  'Order Invoice Shipment Claim Policy Booking Ticket Contract Payment Refund Parcel Route Vehicle Driver Depot Asset Lease Loan Account Transfer Quote Tender Supplier Product Batch Recipe Patient Visit Referral Sample Course Lesson Exam Member Donation Campaign Permit Inspection Meter Reading'.split(
    ' ',
  );
const SECOND = 'Line Plan Note Hold Share Review Entry Slot Change Request'.split(' ');
const STATES = [
  'draft submitted approved rejected',
  'open assigned resolved closed',
  'pending paid refunded failed',
  'planned running paused finished cancelled',
  'new checked packed sent delivered returned',
  'requested granted expired revoked',
  'idle reserved used retired',
].map((line) => line.split(' '));
const ATTRIBUTES = [
  ['amount', 'number'],
  ['currency', 'string'],
  ['remark', 'string | undefined'],
  ['priority', "'low' | 'normal' | 'high'"],
  ['dueAt', 'Date | undefined'],
  ['tags', 'string[]'],
  ['weight', 'number'],
  ['isUrgent', 'boolean'],
  ['channel', "'web' | 'phone' | 'shop'"],
  ['contact', 'string'],
] as const;

/** Numbers that look random and are the same each time. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function subjectsOf(count: number, roll: (below: number) => number): Subject[] {
  const subjects: Subject[] = [];
  for (let n = 0; n < count; n++) {
    const first = FIRST[n % FIRST.length] as string;
    const round = Math.floor(n / FIRST.length);
    const name =
      round === 0 ? first : `${first}${SECOND[(round - 1) % SECOND.length]}${round > SECOND.length ? round : ''}`;
    const start = roll(ATTRIBUTES.length);
    subjects.push({
      name,
      states: STATES[roll(STATES.length)] as string[],
      attributes: Array.from(
        { length: 4 + roll(3) },
        (_, i) => ATTRIBUTES[(start + i) % ATTRIBUTES.length] as [string, string],
      ),
      of: n > 0 && roll(3) > 0 ? subjects[roll(n)]?.name : undefined,
    });
  }
  return subjects;
}

/** A tree of about so many lines. */
export function businessTree(lines: number, seed = 1): Tree {
  const roll = dice(seed);
  const files = new Map<string, string>(Object.entries(KERNEL));
  const subjects = subjectsOf(Math.max(1, Math.round(lines / LINES_EACH)), roll);
  for (const subject of subjects) {
    const { name } = subject;
    const parts = moduleFiles(subject, roll);
    for (const [part, text] of Object.entries(parts)) files.set(`modules/${lower(name)}/${part}.ts`, text);
    const exported = Object.keys(parts).filter((part) => part !== `${name}View` && part !== `${name}Report`);
    files.set(
      `modules/${lower(name)}/index.ts`,
      `${exported.map((part) => `export * from './${part}';`).join('\n')}\n`,
    );
  }
  files.set('app.ts', appFile(subjects));
  let count = 0;
  for (const text of files.values()) count += text.split('\n').length - 1;
  return { files, lines: count };
}

/** Lines of one module. */
const LINES_EACH = 516;

export function writeTree(tree: Tree, directory: string): void {
  for (const [path, text] of tree.files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
