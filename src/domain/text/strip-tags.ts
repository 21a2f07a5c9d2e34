/** The last resort for markup that no parser can take. */

/** Markup of which more is not read; Freshdesk's own answers are smaller. */
export const MOST_RAW = 4_000_000;

/** The text between the tags, in one pass and without a parser. */
export function stripTags(html: string): string {
  const [first = '', ...pieces] = html.split('<');
  let text = first;
  let hiddenIn: string | null = null;
  for (const piece of pieces) {
    const [, slash = '', tag = ''] = /^(\/?)([a-z][a-z0-9]*)/i.exec(piece) ?? [];
    const name = tag.toLowerCase();
    if (name === '' && piece[0] !== '!' && hiddenIn === null) text += `<${piece}`;
    if (hiddenIn === null && slash === '' && NON_TEXT.includes(name)) hiddenIn = name;
    else if (hiddenIn === name && slash === '/') hiddenIn = null;
    const end = piece.indexOf('>');
    if (name !== '' && hiddenIn === null && end !== -1) text += ` ${piece.slice(end + 1)}`;
  }
  return text
    .replace(/&(lt|gt|quot|amp|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/[ \t\u00a0]+/g, ' ')
    .trim();
}
const NON_TEXT = ['script', 'style', 'textarea', 'option', 'noscript'];
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', nbsp: ' ', '#39': "'" };
