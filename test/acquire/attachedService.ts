// What the container tests share: attaching by the contract's text, taking a snapshot into memory, looking for what was left behind.
import assert from 'node:assert/strict';
import { attach, parseTarget } from '../../src/acquire/index.ts';
import type { Attachment, AttachOptions, CaptureResult } from '../../src/acquire/index.ts';
import { isFailure } from '../../src/model/index.ts';
import type { Work } from '../../src/model/index.ts';
import type { TestContainer } from '../containers/index.ts';

export function attachTo(target: string, options: AttachOptions = {}, work: Work = {}): Promise<Attachment> {
  return attach(parseTarget(target), options, work);
}

export interface TakenSnapshot {
  readonly result: CaptureResult;
  readonly strings: readonly string[];
  readonly notes: {
    readonly target: object;
    readonly scripts: readonly { readonly url: string; readonly sourceMap?: string; readonly text?: string }[];
  };
}

export async function snapshotOf(attachment: Attachment): Promise<TakenSnapshot> {
  const chunks: Buffer[] = [];
  const result = await attachment.heap.capture((chunk) => void chunks.push(Buffer.from(chunk)), {}, {});
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, result.bytes, 'all bytes are accounted for');
  const parsed = JSON.parse(bytes.toString('utf8')) as { strings: string[]; semstate: TakenSnapshot['notes'] };
  assert.equal(Object.keys(parsed).at(-1), 'semstate', 'the notes are the last key');
  return { result, strings: parsed.strings, notes: parsed.semstate };
}

export async function evaluate<T>(attachment: Attachment, expression: string): Promise<T> {
  const answer = await attachment.send<{ result: { value: T } }>('Runtime.evaluate', {
    expression,
    returnByValue: true,
  });
  return answer.result.value;
}

const LISTENERS = `const fs=require('fs');const of=(f)=>{try{return fs.readFileSync(f,'utf8')}catch{return ''}};
console.log(JSON.stringify((of('/proc/net/tcp')+of('/proc/net/tcp6')).split('\\n').filter((l)=>/ 0A /.test(l))
.map((l)=>parseInt(l.trim().split(/\\s+/)[1].split(':').pop(),16)).sort((a,b)=>a-b)))`;

/** Ports that something in the container listens on. */
export function listeningPorts(container: TestContainer): readonly number[] {
  return JSON.parse(container.exec('node', '-e', LISTENERS)) as number[];
}

/** Processes and open ports of a container: the same before and after means that nothing was left behind. */
export function footprint(container: TestContainer): {
  readonly processes: readonly string[];
  readonly ports: readonly number[];
} {
  return { processes: container.top().map((line) => line.trim()), ports: listeningPorts(container) };
}

export async function eventually(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until;) {
    if (await holds()) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return holds();
}

/** The rejection is a failure of the catalogue with that code, which says what to do. */
export function failsWith(code: string, pattern: RegExp = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(isFailure(error), `not a Failure: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    assert.match(error.action, /\.$/);
    return true;
  };
}
