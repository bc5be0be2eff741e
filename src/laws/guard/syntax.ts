// Conditions as the program writes them, parsed by a kept library (jsep): expressions of JavaScript without effects.
import arrow from '@jsep-plugin/arrow';
import jsep, { type Expression } from 'jsep';

jsep.plugins.register(arrow);
jsep.addBinaryOp('??', 1);
for (const word of ['typeof', 'void']) jsep.addUnaryOp(word);
jsep.addLiteral('undefined', undefined);

export type { Expression };

/** undefined: it is no such expression, and is not judged. */
export function parseGuard(text: string): Expression | undefined {
  // Private members stand in the model without `#`; TypeScript's `x!` says nothing at run time.
  const plain = text.replaceAll(/\.#(?=[A-Za-z_$])/g, '.').replaceAll(/(?<=[\w)\]])!(?=[.)\]\s,;]|$)(?!=)/g, '');
  try {
    const parsed = jsep(plain);
    return parsed.type === 'Compound' ? undefined : parsed;
  } catch {
    return undefined;
  }
}

export interface Member extends Expression {
  readonly type: 'MemberExpression';
  readonly computed: boolean;
  readonly object: Expression;
  readonly property: Expression;
  readonly optional?: boolean;
}

export function isMember(node: Expression): node is Member {
  return node.type === 'MemberExpression';
}

/** Every node of the expression, the outer ones first. */
export function* nodesOf(node: Expression): Generator<Expression> {
  yield node;
  for (const part of Object.values(node)) {
    for (const each of Array.isArray(part) ? part : [part])
      if (typeof each === 'object' && each !== null && 'type' in each) yield* nodesOf(each as Expression);
  }
}
