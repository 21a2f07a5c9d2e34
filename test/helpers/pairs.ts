/** Settings that must work together, two by two, without the product of all. */

/** A factor and its values; the first one is the default. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;
export type Setting = Record<string, unknown>;

type Pair = readonly [factor: string, value: number, other: string, otherValue: number];

const keyOf = (a: string, i: number, b: string, j: number): string =>
  a < b ? `${a}=${i} ${b}=${j}` : `${b}=${j} ${a}=${i}`;

/** Every pair of values of two factors. */
export function allPairs(factors: Factors): Pair[] {
  const names = Object.keys(factors);
  return names.flatMap((a, at) =>
    names
      .slice(at + 1)
      .flatMap((b) => (factors[a] ?? []).flatMap((_, i) => (factors[b] ?? []).map((__, j): Pair => [a, i, b, j]))),
  );
}

/** One setting for each pair, all else at its default. */
export const onePairEach = (factors: Factors): Setting[] =>
  allPairs(factors).map(([a, i, b, j]) =>
    settingOf(factors, new Map([...Object.keys(factors).map((name): [string, number] => [name, 0]), [a, i], [b, j]])),
  );

/** Few settings in which each pair of values occurs: greedy, and the same in every run. */
export function pairwise(factors: Factors): Setting[] {
  const names = Object.keys(factors);
  const open = new Map(allPairs(factors).map((pair) => [keyOf(...pair), pair]));
  const settings: Setting[] = [];
  for (let first = open.values().next(); !first.done; first = open.values().next()) {
    const [a, i, b, j] = first.value;
    const chosen = new Map([
      [a, i],
      [b, j],
    ] as [string, number][]);
    for (const name of names.filter((other) => !chosen.has(other))) {
      const gain = (value: number): number =>
        [...chosen].filter(([other, at]) => open.has(keyOf(name, value, other, at))).length;
      const values = (factors[name] ?? []).map((_, value) => value);
      chosen.set(
        name,
        values.reduce((best, value) => (gain(value) > gain(best) ? value : best), 0),
      );
    }
    const taken = [...chosen];
    for (const [name, value] of taken) for (const [other, at] of taken) open.delete(keyOf(name, value, other, at));
    settings.push(settingOf(factors, chosen));
  }
  return settings;
}

const settingOf = (factors: Factors, chosen: ReadonlyMap<string, number>): Setting =>
  Object.fromEntries([...chosen].map(([name, value]) => [name, factors[name]?.[value]]));
