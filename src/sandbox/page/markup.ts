import { escapeHtml } from '../html';

/** HTML that is safe to put out. Texts become so only by escaping. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Template tag: everything put in is escaped unless it is markup itself; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup(parts.map((part, index) => part + render(values[index])).join(''));
}

function render(value: unknown): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeHtml(typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value));
}
