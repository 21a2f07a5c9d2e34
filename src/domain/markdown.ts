/** Markdown that the Temporal UI shows of a run. Promise: words of others make no link, no picture, no markup of lines. */

/** A value inside a line. Its text reads as it was; an address in it is text too. */
export const markdownText = (value: string): string =>
  value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\\[\]<]/g, '\\$&')
    .replace(/\b(https?|ftp|file|mailto):/gi, '$1\\:');

/** What a person has to do, as lines to be joined. */
export const attentionLines = (attention: { reason: string; detail: string; remedy: string }): string[] => [
  `### Needs a person: ${attention.reason}`,
  markdownText(attention.detail),
  '',
  `**What to do:** ${markdownText(attention.remedy)}`,
];
