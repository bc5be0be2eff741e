// Drift as marks in source: which findings there are, where, and what a person can answer to each. Knows the model, not the editor.
import { showValue, type DriftVerdict, type Model, type Problem, type Transition, type Value } from '../model/index.ts';

export interface Finding {
  /** As the model writes it. */
  readonly file: string;
  /** Counting from 1. */
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  /** False: worth knowing, nothing is wrong. */
  readonly wrong: boolean;
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly kind: 'accept' | 'ignore';
  /** What is accepted: `lost`, or `paid -> placed`. */
  readonly what: string;
  /** `Order.status`. */
  readonly of: string;
  /** As they are written, without the reason that whoever ignores gives. */
  readonly verdicts: readonly DriftVerdict[];
}

const MARK = 'drift-';

/** Findings without any position are left to the model document, which lists all. */
export function findingsOf(model: Model): Finding[] {
  return model.problems.flatMap((problem) => {
    if (!problem.code.startsWith(MARK)) return [];
    const at = problem.source ?? sourceOf(model, problem);
    if (!at) return [];
    return [
      {
        ...{ file: at.file, line: at.line, column: at.column ?? 1, code: problem.code, message: problem.message },
        wrong: problem.code !== 'drift-state-never-seen',
        answers: answersTo(problem),
      },
    ];
  });
}

function sourceOf({ entities }: Model, { entity, attribute }: Problem): Problem['source'] {
  const owner = entities.find(({ name }) => name === entity);
  const evidence = owner?.attributes.find(({ name }) => name === attribute)?.evidence ?? [];
  return evidence.find(({ source }) => source)?.source ?? owner?.source;
}

function answersTo({ code, entity, attribute, states = [], preState, postState }: Problem): Answer[] {
  if (entity === undefined || attribute === undefined) return [];
  const of = `${entity}.${attribute}`;
  const accept = (what: string, verdicts: readonly DriftVerdict[]): Answer => ({
    ...{ kind: 'accept', what, of },
    verdicts: verdicts.map((verdict) => ({ ...verdict, accept: true })),
  });
  const ignore = (verdicts: readonly DriftVerdict[]): Answer => ({ kind: 'ignore', what: '', of, verdicts });
  const each = states.map((state) => ({ of, state }));
  switch (code) {
    case 'drift-undeclared-state':
      return [accept(listed(states), each), ignore(each)];
    case 'drift-undeclared-transition': {
      if (preState === undefined || postState === undefined) return [ignore([{ of }])];
      const edge = { of, from: preState, to: postState };
      return [accept(`${endText(preState)} -> ${endText(postState)}`, [edge]), ignore([edge])];
    }
    case 'drift-state-never-seen':
      return [ignore(each)];
    default:
      return [ignore([{ of }])];
  }
}

function listed(states: readonly Value[]): string {
  return states.map((state) => showValue(state)).join(', ');
}

function endText(end: Transition['preState'] | Transition['postState']): string {
  if (typeof end === 'object' && end !== null) {
    if ('$new' in end) return '(created)';
    if ('$gone' in end) return '(removed)';
  }
  return showValue(end as Value);
}
