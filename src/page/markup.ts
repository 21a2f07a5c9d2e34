/** HTML that is safe to put out. Promise: a text becomes markup only by escaping. */

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** Made by {@link html} only. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Template tag: everything put in is escaped unless it is markup itself; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup(
    tidied(parts)
      .map((part, index) => part + render(values[index]))
      .join(''),
  );
}

const tidy = new WeakMap<TemplateStringsArray, string[]>();

/** A template's own indentation is a third of a page. */
function tidied(parts: TemplateStringsArray): string[] {
  const known = tidy.get(parts) ?? parts.map((part) => part.replace(/\n\s+/g, '\n'));
  tidy.set(parts, known);
  return known;
}

function render(value: unknown): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeHtml(typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value));
}

/** An address that a link may have; null for anything but http and https, since upstreams write some of them. */
export const webAddress = (address: string | null): string | null =>
  address !== null && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? address : null;
