// Several files of the target's own file system in one go, for source maps. Runs as text inside a container or called here: it names
// nothing but its arguments. Each answer is a line, the file's length (-1: cannot be read or over the limit), then that many bytes.
import type * as Fs from 'node:fs';

/** @param input the paths, a JSON list of strings, until its end */
export function readFiles(
  fs: Pick<typeof Fs, 'readFileSync' | 'statSync'>,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  limit: number,
): void {
  let text = '';
  input.setEncoding('utf8');
  input.on('data', (piece) => {
    text += String(piece);
    if (text[text.length - 1] !== '\n') return;
    const paths = JSON.parse(text) as string[];
    text = '';
    const next = (i: number): void => {
      const path = paths[i];
      if (path === undefined) {
        output.end();
        return;
      }
      let bytes: Buffer | undefined;
      try {
        const stat = fs.statSync(path);
        if (stat.isFile() && stat.size <= limit) bytes = fs.readFileSync(path);
      } catch {
        bytes = undefined;
      }
      output.write(`${bytes ? bytes.length : -1}\n`);
      if (bytes) output.write(bytes, () => next(i + 1));
      else next(i + 1);
    };
    next(0);
  });
}

/** The answer of `readFiles` taken apart; a torn one gives what came whole. */
export function splitFiles(paths: readonly string[], bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  for (const path of paths) {
    const eol = bytes.indexOf(10, at);
    if (eol < 0) break;
    const length = Number(bytes.toString('latin1', at, eol));
    at = eol + 1;
    if (length < 0) continue;
    if (at + length > bytes.length) break;
    files.set(path, bytes.subarray(at, at + length));
    at += length;
  }
  return files;
}
