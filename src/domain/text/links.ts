/** What becomes of a link once its text leaves the help desk. */
import { cutText } from './plain';

/** A link to follow, an address to be shown beside the text, or neither. */
export type Link = { href: string } | { shown: string } | null;

/** Browsers and servers follow no longer one; of that so much is shown. */
const LONGEST = 8000;
const SHOWN = 200;
/** Run code or hold data; nobody should follow or read them. */
const DROPPED = /^(javascript|vbscript|data|blob|cid|about|view-source):/i;
const FOLLOWED = /^(https?|mailto|tel):/i;

/** `base` is the address that relative links start from, such as `https://acme.freshdesk.com`; null when it is not known. */
export function resolveLink(given: string, base: string | null): Link {
  // As browsers read it: blanks and control characters hide no scheme.
  const href = given.replace(/[\u0000-\u0020]+/g, '');
  if (href === '' || href.startsWith('#') || DROPPED.test(href)) return null;
  if (href.length > LONGEST) return { shown: cutText(href, SHOWN) };
  if (FOLLOWED.test(href)) return { href };
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith('\\')) return { shown: given.trim() };
  if (href.startsWith('//')) return { href: `https:${href}` };
  if (base === null) return { shown: href };
  return { href: href.startsWith('/') ? `${base}${href}` : `${base}/${href}` };
}
