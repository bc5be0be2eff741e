// Runs the command line: in this process with streams of its own, or as a process that can be interrupted and killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { run } from '../../src/cli/index.ts';

const ENTRY = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export async function semstate(...args: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const status = await run(args, { stdout, stderr, onInterrupt: () => () => undefined });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

/** A command as a process of its own. */
export class Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  #stdout = '';
  #stderr = '';
  #wake: () => void = () => undefined;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRY, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.outcome = once(this.child, 'close').then(([code]) => {
      this.#wake();
      return { status: typeof code === 'number' ? code : -1, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until what it said on either stream holds the pattern. */
  async said(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#stdout) && !pattern.test(this.#stderr)) {
      if (this.child.exitCode !== null) throw new Error(`it ended, saying ${this.#stderr}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const contract: object = JSON.parse(
  readFileSync(new URL('../../media/contract.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addSchema(contract, 'contract');

/** The faults of a document against the schema of its own kind. */
export function faultsOf(document: unknown): string[] {
  const kind = typeof document === 'object' && document !== null && 'document' in document ? document.document : '';
  const validate = ajv.getSchema(`contract#/$defs/${String(kind)}`);
  if (!validate) return [`there is no document ${String(kind)}`];
  return validate(document) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}
