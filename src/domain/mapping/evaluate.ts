/** Runs one action on the sources. Total: whatever the ticket holds, the outcome is a value, no value, or a refusal. */
import type { Condition, MappingAction } from './action';
import { cleanHtml, htmlToText, textToHtml } from '../text';
import { helpDesk } from './help-desk';
import { readPath } from './sources';
import type { MappingSources } from './sources';
import { fillTemplate, HTML_PATHS } from './template';
import { isRefused, transform } from './transforms';
import type { Flowing, Refused } from './transforms';
import { asText, isEmpty, isPresent, normalize } from './values';

/** `into` is what the target takes: in HTML, plain text is escaped as it is put together with markup. */
export interface Evaluation {
  sources: MappingSources;
  into: 'html' | 'text';
  /** Of the address that is being mapped; null when it is not known. */
  country?: string | null;
}

/** No value. */
export const NOTHING: Flowing = { value: undefined, html: false };
/** The config check refuses deeper nesting; this guards callers that skip it. */
const DEEPEST = 30;

/** The value of `action`; `value` is undefined when there is none. */
export function evaluate(action: MappingAction, evaluation: Evaluation, depth = 0): Flowing | Refused {
  if (depth > DEEPEST) return NOTHING;
  // `text` turns markup into text, so that it must get all of it as markup.
  const inner: Evaluation = action.text === true ? { ...evaluation, into: 'html' } : evaluation;
  const source = readSource(action, inner, depth);
  const result =
    isRefused(source) || isEmpty(source.value) ? source : transform(source, action, evaluation.country ?? null);
  const lacking = isRefused(result) || isEmpty(result.value);
  return lacking && action.default !== undefined ? { value: action.default, html: true } : result;
}

function readSource(action: MappingAction, evaluation: Evaluation, depth: number): Flowing | Refused {
  if (action.from !== undefined) {
    const value = readPath(action.from, evaluation.sources);
    return HTML_PATHS.has(action.from.trim())
      ? readHtmlValue(value, evaluation)
      : { value, html: false, origin: action.from.trim() };
  }
  if (action.static !== undefined) return { value: action.static, html: true };
  if (action.template !== undefined) return fill(action.template, evaluation);
  if (action.concat !== undefined) return concat(action.concat, action.separator ?? ' ', evaluation, depth);
  if (action.first !== undefined) return first(action.first, evaluation, depth);
  if (action.when !== undefined) return choose(action.when, evaluation, depth);
  return NOTHING;
}

/** HTML of a ticket, cleaned and cut before anything is put to it; as text where the target takes none. */
function readHtmlValue(value: unknown, { sources, into }: Evaluation): Flowing {
  const text = asText(value) ?? '';
  // Without any tag it is text, whose lines HTML would run together.
  const html = /<[a-z/!]/i.test(text) ? text : text.replace(/\r\n|\r|\n/g, '<br>');
  return into === 'html'
    ? { value: cleanHtml(html, helpDesk(sources)), html: true }
    : { value: htmlToText(html, helpDesk(sources)), html: false };
}

function fill(template: string, evaluation: Evaluation): Flowing {
  const show = (value: unknown, path: string): string =>
    asHtmlOr(HTML_PATHS.has(path) ? readHtmlValue(value, evaluation) : { value, html: false }, evaluation.into);
  return { value: fillTemplate(template, evaluation.sources, show), html: true };
}

function concat(parts: MappingAction[], separator: string, evaluation: Evaluation, depth: number): Flowing | Refused {
  const texts: string[] = [];
  for (const part of parts) {
    const result = evaluate(part, evaluation, depth + 1);
    if (isRefused(result)) return result;
    const text = asHtmlOr(result, evaluation.into);
    if (!isEmpty(text)) texts.push(text);
  }
  return { value: texts.join(separator), html: true };
}

function first(choices: MappingAction[], evaluation: Evaluation, depth: number): Flowing | Refused {
  for (const choice of choices) {
    const result = evaluate(choice, evaluation, depth + 1);
    if (isRefused(result) || !isEmpty(result.value)) return result;
  }
  return NOTHING;
}

function choose(condition: Condition, evaluation: Evaluation, depth: number): Flowing | Refused {
  const value = readPath(condition.if, evaluation.sources);
  const holds = condition.is === undefined ? isPresent(value) : matches(value, condition.is);
  const branch = holds ? condition.then : condition.else;
  return branch === undefined ? NOTHING : evaluate(branch, evaluation, depth + 1);
}

/** Compared as `map` does; of two lists, one common item is enough. */
function matches(value: unknown, wanted: unknown): boolean {
  const list = (items: unknown): string[] =>
    (Array.isArray(items) ? items : [items]).map((item) => normalize(asText(item) ?? ''));
  const known = new Set(list(wanted));
  return list(value).some((item) => known.has(item));
}

/** The text of a value, as markup when the target is HTML. */
export function asHtmlOr({ value, html }: Flowing, into: 'html' | 'text'): string {
  const text = asText(value) ?? '';
  return into === 'html' && !html ? textToHtml(text) : text;
}
