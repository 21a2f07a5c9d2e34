/** Quantiles of measured times. */

/** The smallest value that the share `q` of all values does not exceed; null without values. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? null;
}
