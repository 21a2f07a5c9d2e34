/** How values of tickets and of the config's rules are compared: as text, without blanks around it, in lower case. */

export const textForm = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim().toLowerCase()
    : Array.isArray(value)
      ? value.map(textForm).join(', ')
      : '';

/** Given by number rather than by label. */
export const isNumeric = (name: string | number): boolean => typeof name === 'number' || /^\d+$/.test(name.trim());
