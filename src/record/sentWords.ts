// What a sent event says by its name and by the keys that it mentions: about which thing it is, and to which state that has come. Pure.
import type { EntityRef } from '../model/index.ts';
import type { Sent, Step } from './sentNames.ts';

/** 0: not of this thing; more the surer that it is about it. */
export function aboutness(sent: Sent, ref: EntityRef): number {
  const isNamed = lettersOf(sent.name).includes(lettersOf(ref.entity));
  let most = 0;
  for (const [key, name, isEntity] of sent.mentions) {
    if (String(key) !== String(ref.id) || (isEntity && name !== ref.entity)) continue;
    const isOwn = isEntity || lettersOf(name).startsWith(lettersOf(ref.entity));
    most = Math.max(most, (isOwn ? 3 : isOther(name) ? 1 : 2) + (isNamed ? 3 : 0));
  }
  return most;
}

/** `customerId`: of something that has a name; `id`, `key`, `subject`, `aggregateId`: of what the event is about. */
function isOther(name: string): boolean {
  return (
    name !== '' &&
    !/^_?(?:id|key|uuid|no|number|code|ref|reference|subject|(?:aggregate|entity|subject|object|root)_?id)$/i.test(name)
  );
}

export function isSameAbout(one: Sent, other: Sent): boolean {
  if (one.mentions.length === 0 || other.mentions.length === 0) return true;
  return other.mentions.some(([key]) => one.mentions.some(([known]) => String(known) === String(key)));
}

export function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\d]+/gu, '').toLowerCase();
}

const MAKING = /^(?:creat|plac|open|regist|add|start|submi|made|new|issu|receiv|book)/;
const REMOVING = /remov|delet|gone|dropp|clos|expir|purg|discard/i;

/** `OrderPaid` of a step to `paid`. */
export function saysState(name: string, { preState, postState }: Step): boolean {
  if (typeof postState === 'object' && postState !== null && '$gone' in postState) return REMOVING.test(name);
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\d]+/u)
    .map(lettersOf);
  if (typeof postState === 'string') {
    const state = lettersOf(postState);
    if (state.length > 1 && (words.some((word) => isSameWord(word, state)) || lettersOf(name).endsWith(state)))
      return true;
  }
  return (
    typeof preState === 'object' && preState !== null && '$new' in preState && words.some((word) => MAKING.test(word))
  );
}

/** `ship` and `shipped`, `cancel` and `cancelled`. */
function isSameWord(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === long || (short.length >= 4 && long.startsWith(short) && long.length - short.length <= 4);
}
