/** What a person or program has typed into a field that takes text, without the blanks around it; null where there is none. */
export const typedText = (value: unknown, most: number): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, most) : null;
