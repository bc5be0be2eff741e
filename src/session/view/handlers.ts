// Every `semantic/...` request: pages are built by the presentation, effects are the view's. Arguments are untrusted.
import { Failure, type EntityRef } from '../../model/index.ts';
import { searchPage, type Arguments, type Goto, type RequestName, type Result } from '../../present/index.ts';
import type { Work } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { View } from './contract.ts';
import type { LawWatch } from './laws.ts';

export function createHandlers(
  view: View,
  scene: () => { readonly store: TimelineStore; readonly seq: number },
  laws: LawWatch,
): <N extends RequestName>(name: N, args: Arguments<N>, work: Work) => Promise<Result<N>> {
  void scene;
  void laws;
  void searchPage;
  void view;
  return (name) => {
    throw new Failure('unknown-request', `Request ${name} is not known here.`, '');
  };
}
export type { EntityRef, Goto };
