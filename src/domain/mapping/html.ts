/** HTML in and out of mapped values. Total: hostile or broken HTML yields something harmless, never an exception. */
import { convert } from 'html-to-text';
import sanitizeHtml from 'sanitize-html';

const DEEPEST = 100;
/** More is cut off: no provider reads so much. */
const LONGEST = 250_000;
/** The parsers' time grows with the square of the tags that are open at once: 5 s for 100 000. Letters have dozens. */
const MOST_OPEN = 1000;

const bounded = (html: string): string => (html.length <= LONGEST ? html : `${html.slice(0, LONGEST)}…`);

/** Stands where html-to-text has cut off what lies too deep; a private-use character that no ticket shows. */
const CUT_OFF = '\uE000';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Plain text as HTML that looks the same: escaped, with its line breaks. */
export const textToHtml = (text: string): string => escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');

/** HTML as plain text with line breaks; nesting that html-to-text cannot take is stripped tag by tag. */
export function htmlToText(markup: string): string {
  const html = bounded(markup);
  if (isBomb(html)) return stripTags(html);
  try {
    const text = convert(html, {
      wordwrap: false,
      limits: { maxDepth: DEEPEST, ellipsis: CUT_OFF },
      selectors: [
        { selector: 'img', format: 'skip' },
        { selector: 'a', options: { hideLinkHrefIfSameAsText: true, pathRewrite: plainLink } },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ],
    });
    if (!text.includes(CUT_OFF)) return text.trim();
  } catch {
    // Falls through: the stack may be too small for what html-to-text does.
  }
  return stripTags(html);
}

/** Addresses that nobody should follow are left out; what a `mailto:` named comes without it. */
const plainLink = (href: string): string => (/^(https?|tel):/i.test(href) || !href.includes(':') ? href : '');

/** Whether more tags are open at once than a parser can take; one pass over the text. */
function isBomb(html: string): boolean {
  let open = 0;
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (VOID.has(name.toLowerCase())) continue;
    open = slash === '' ? open + 1 : Math.max(0, open - 1);
    if (open > MOST_OPEN) return true;
  }
  return false;
}
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** The text between the tags, in one pass and without a parser: what is done with markup that no parser can take. */
function stripTags(html: string): string {
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

/** What may stand in a work order: text, lists, tables and plain links; no scripts, handlers, styles or images. */
export function sanitize(markup: string): string {
  const html = bounded(markup);
  if (isBomb(html)) return textToHtml(stripTags(html));
  const clean = sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: { a: ['href'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nonTextTags: NON_TEXT,
    nestingLimit: DEEPEST,
  }).trim();
  // Markup around nothing is no description.
  return clean.replace(/<[^<>]*>|&nbsp;/g, '').trim() === '' ? '' : clean;
}
const TAGS = [
  ...['p', 'div', 'span', 'br', 'hr', 'blockquote', 'pre', 'code', 'a'],
  ...['b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption'],
];
