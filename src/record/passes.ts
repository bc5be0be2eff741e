// How a text becomes another one in V8's eyes. LiveEdit compares line by line, and lines that changed next to each other character by
// character only where they are short together; longer ones it takes for new: it answers Ok, and functions that begin or end in them
// keep the code they have. Pure.

/** Characters of changed lines next to each other up to which V8 compares them (its limit is 800). */
const LONGEST_CHANGE = 780;

/** Zero-based numbers of lines that are too long to be edited, by what they become. */
export function linesTooLong(from: string, to: string): ReadonlySet<number> {
  const [old, next] = [from.split('\n'), to.split('\n')];
  const out = new Set<number>();
  for (const [at, line] of next.entries()) if (old[at] !== line && tooLong(old, next, at, at + 1)) out.add(at);
  return out;
}

/**
 * The texts by which `from` becomes `to`, the last of them `to`: where changed lines next to each other are too long together, or one
 * of them holds a whole function, every other line of them comes first. Both have the same number of lines, else it is done in one step.
 */
export function passes(from: string, to: string): readonly string[] {
  const [old, next] = [from.split('\n'), to.split('\n')];
  if (old.length !== next.length) return [to];
  const first = [...next];
  let isSplit = false;
  for (let at = 0; at < old.length; at++) {
    if (old[at] === next[at]) continue;
    let end = at + 1;
    while (end < old.length && old[end] !== next[end]) end++;
    if (end - at > 1 && (tooLong(old, next, at, end) || holdsFunction(old, at, end))) {
      isSplit = true;
      for (let line = at + 1; line < end; line += 2) first[line] = old[line] ?? '';
    }
    at = end;
  }
  return isSplit ? [first.join('\n'), to] : [to];
}

/** The same, one line at a time: together V8 may take changes for changes of what is around functions, and refuse them. */
export function lineByLine(from: string, to: string): readonly string[] {
  const [now, next] = [from.split('\n'), to.split('\n')];
  const out: string[] = [];
  if (now.length !== next.length) return [to];
  for (const [at, line] of next.entries()) {
    if (now[at] === line) continue;
    now[at] = line;
    out.push(now.join('\n'));
  }
  return out;
}

/**
 * Within a run V8 may match the end of one function with that of the next, take both for changed, and leave the old code where it is
 * without saying so (seen on Node 24 with functions of one line each).
 */
function holdsFunction(lines: readonly string[], from: number, to: number): boolean {
  return lines.slice(from, to).some((line) => /(?:=>|\)\s*\{).*[})]/.test(line));
}

function tooLong(old: readonly string[], next: readonly string[], from: number, to: number): boolean {
  const length = (lines: readonly string[]): number =>
    lines.slice(from, to).reduce((sum, line) => sum + line.length + 1, 0);
  return Math.max(length(old), length(next)) > LONGEST_CHANGE;
}
