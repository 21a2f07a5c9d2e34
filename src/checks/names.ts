/** What the checks of the config's names share. Promise: pure; a red line for each name that does not exist, else one green line. */
import { didYouMean } from '../domain/mapping';
import { failed, fine, type Finding } from './finding';

/** A name of the config and where it stands. */
export interface Named {
  path: string;
  name: string | number;
}

export function unknownName({ path, name }: Named, what: string, known: readonly string[], remedy: string): Finding {
  const guess = didYouMean(String(name), known);
  const hint =
    guess === null ? remedy : `Did you mean "${guess}"? Else: ${remedy.charAt(0).toLowerCase()}${remedy.slice(1)}`;
  return failed('Config', path, `the ${what} "${name}" does not exist`, hint);
}

export const orAllFine = (what: string, findings: Finding[], count: number): Finding[] =>
  findings.length > 0
    ? findings
    : [fine('Config', what, count === 0 ? 'the config names none' : `all ${count} of the config exist`)];
