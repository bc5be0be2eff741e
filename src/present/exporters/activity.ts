// What an event without a name is called in a log: a log of events has no use for one that is called nothing.
import type { EventPoint, Model } from '../../model/index.ts';
import { isGone, isNew, valueOf } from '../pages/describe.ts';
import { exactText } from './text.ts';

/** The state reached says what happened; another value only that it changed. */
export function activityOf({ object, attribute, preState, postState }: EventPoint, model: Model | undefined): string {
  if (isNew(preState)) return `${object.entity} created`;
  if (isGone(postState)) return `${object.entity} removed`;
  const entity = model?.entities.find(({ name }) => name === object.entity);
  const isState = entity?.attributes.some(({ name, role }) => name === attribute && role === 'state') ?? false;
  const reached = isState ? exactText(valueOf(postState)) : undefined;
  return `${object.entity}.${attribute ?? ''} ${reached === undefined ? 'changed' : `becomes ${reached}`}`;
}
