// The difference of two models as text for people: by entity, a line for each change, what breaks marked in front.
import type { ModelChange, ModelDiff } from './modelDiff.ts';
import { groupsOf } from './modelDiffTerms.ts';

const SIGNS: { readonly [change in ModelChange['change']]: string } = {
  added: '+',
  removed: '-',
  changed: '~',
  renamed: '>',
};

export function modelDiffText({ changes }: ModelDiff): string {
  if (changes.length === 0) return 'Nothing changed in meaning.\n';
  const breaking = changes.filter((change) => change.breaking).length;
  const head = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, ${breaking === 0 ? 'none' : breaking} breaking (marked !)`;
  const groups = groupsOf(changes, ({ entity, element }) => entity ?? (element === 'law' ? 'Laws' : 'Context'));
  const parts = [...groups].map(([name, all]) => [name, ...all.map(line)].join('\n'));
  return `${[head, ...parts].join('\n\n')}\n`;
}

function line({ change, breaking, text, because }: ModelChange): string {
  const why = because === undefined ? '' : `  (${because})`;
  return `  ${breaking ? '!' : ' '} ${SIGNS[change]} ${text}${why}`;
}
