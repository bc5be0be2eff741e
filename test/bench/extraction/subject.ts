// What a module of the generated tree is about.

/** The words of a module: what it is about, the states its records go through, the attributes they have. */
export interface Subject {
  readonly name: string;
  readonly states: readonly string[];
  readonly attributes: readonly (readonly [name: string, type: string])[];
  /** Another module's record that this one refers to. */
  readonly of: string | undefined;
}

export const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Steps from each state to the next, and one out of the way at the end. */
export function stepsOf({ states }: Subject): { readonly name: string; readonly from: string; readonly to: string }[] {
  return states
    .slice(1)
    .map((to, i) => ({ name: `mark${to.charAt(0).toUpperCase()}${to.slice(1)}`, from: states[i] as string, to }));
}
