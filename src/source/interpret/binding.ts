// Names given to values: parameters, patterns.
import ts from 'typescript';
import { isUnknown } from '../domains.ts';
import { propertyOf } from './evaluate.ts';
import type { Machine } from './machine.ts';
import { makeObject, symbolic, symbolicOf, writeField } from './objects.ts';
import type { State } from './state.ts';
import { undefinedConst, type Abs, type Frame } from './values.ts';
import { variableKey } from './variables.ts';

export function bindParameter(
  m: Machine,
  parameter: ts.ParameterDeclaration,
  args: readonly Abs[],
  index: number,
  state: State,
  frame: Frame,
): void {
  if (parameter.dotDotDotToken) {
    const items = args.slice(index);
    bind(m, parameter.name, makeObject(m, state, { fresh: true, items }), state, frame, parameter);
    return;
  }
  let value = args[index];
  if ((value === undefined || value === undefinedConst) && parameter.initializer && frame.depth > 1) {
    const [first] = m.eval(parameter.initializer, state, frame);
    value = first?.state === state ? first.value : value;
  }
  value ??= parameterValue(m, parameter, state);
  // An object that came without a type has that of the parameter it is passed to.
  if (value.kind === 'obj' && !state.obj(value).draft && !state.obj(value).items && !state.obj(value).closed) {
    const type = m.checker.getTypeAtLocation(parameter);
    const draft = isUnknown(type) ? undefined : m.table.of(type);
    if (draft) state.update(value, { draft });
  } else if (value.kind === 'sym' && value.domain === undefined && !value.from && !state.known.has(value.id)) {
    const better = parameterValue(m, parameter, state);
    if (better.kind === 'obj' || (better.kind === 'sym' && better.domain)) value = better;
  }
  bind(m, parameter.name, value, state, frame, parameter);
  if (
    frame.self?.kind === 'obj' &&
    ts.isParameterPropertyDeclaration(parameter, parameter.parent) &&
    ts.isIdentifier(parameter.name)
  )
    writeField(m, state, frame.self, parameter.name.text, value, parameter);
}

function parameterValue(m: Machine, parameter: ts.ParameterDeclaration, state: State): Abs {
  const type = m.checker.getTypeAtLocation(parameter);
  const draft = isUnknown(type) && ts.isIdentifier(parameter.name) ? m.inference.typeOf(parameter.name) : undefined;
  return symbolic(m, state, type, draft);
}

/** Gives names to a value, through patterns. */
export function bind(
  m: Machine,
  name: ts.BindingName,
  value: Abs,
  state: State,
  frame: Frame,
  declaration: ts.Node,
): void {
  if (ts.isIdentifier(name)) {
    state.setVar(variableKey(frame, declaration), value);
    return;
  }
  name.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element)) return;
    const key = element.propertyName ?? element.name;
    const site = ts.isIdentifier(element.name) ? element.name : undefined;
    let part: Abs | undefined;
    if (ts.isArrayBindingPattern(name)) {
      const items = value.kind === 'obj' ? state.obj(value).items : undefined;
      part = items?.[i];
    } else if (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) {
      // What is left of a thing is still that thing.
      if (value.kind === 'obj' && element.dotDotDotToken) part = value;
      else if (value.kind === 'obj') {
        const [first] = propertyOf(m, state, value, key.text, site ?? (key as ts.Expression), frame);
        part = first?.value;
      }
    }
    part ??= site ? symbolicOf(m, state, site) : symbolic(m, state, m.checker.getTypeAtLocation(element));
    bind(m, element.name, part, state, frame, element);
  });
}
