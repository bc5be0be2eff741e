// Keepers for everything that a function of the program makes: `const students = createCollection('student')`.
import ts from 'typescript';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';

/** `students.need(...)`, or another name for that method: what holds `students`, if a function of the program made it. */
export function keeperOf(flow: Flow, call: ts.CallExpression | ts.NewExpression): ts.Symbol | undefined {
  let callee = bare(call.expression);
  for (let i = 0; i < 3 && ts.isPropertyAccessExpression(callee); i += 1) {
    const held = flow.symbolOf(callee.expression);
    const made = held?.valueDeclaration && givenTo(held.valueDeclaration);
    if (held && made && ts.isCallExpression(made) && flow.targetsOf(made).length === 1) return held;
    const named = flow.symbolOf(callee.name)?.valueDeclaration;
    const other = named && givenTo(named);
    if (!other) return undefined;
    callee = other;
  }
  return undefined;
}
