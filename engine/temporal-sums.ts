/** SHA-256 of the vendor's archives of the pinned version, by `<platform>-<architecture>`; written by `scripts/pin-temporal.js`. */
export const TEMPORAL_SUMS: Readonly<Record<string, string>> = {};
