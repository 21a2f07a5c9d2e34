import type { Answer, Call } from '../pipeline';
import { invalid } from './errors';
import type { FieldProblem } from './errors';

/** The page a list call asks for; invalid values are refused, not clamped (Freshdesk contract, section 5). */
export function pageOf(call: Call, maxPage = Number.POSITIVE_INFINITY): { page: number; perPage: number } {
  const problems: FieldProblem[] = [];
  const read = (field: string, fallback: number, max: number): number => {
    const text = call.query.get(field);
    if (text === null) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    const message =
      field === 'page' && value > max
        ? `You cannot access tickets beyond the ${max}th page. Please provide a smaller page number.`
        : `It should be a Positive Integer${max === 100 ? ' less than or equal to 100' : ''}`;
    problems.push({ field, message, code: 'invalid_value' });
    return fallback;
  };
  const page = read('page', 1, maxPage);
  const perPage = read('per_page', 30, 100);
  if (problems.length > 0) throw invalid(problems);
  return { page, perPage };
}

/** One page of the items with a `Link` header when there are more; the documented sample of it has odd blanks. */
export function pageAnswer<T>(
  call: Call,
  items: T[],
  present: (item: T) => unknown,
  { maxPage, link = 'plain' }: { maxPage?: number; link?: 'plain' | 'blanks' } = {},
): Answer {
  const { page, perPage } = pageOf(call, maxPage);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  if (items.length <= page * perPage) return { status: 200, body: shown.map(present) };
  const next = new URLSearchParams(call.query);
  next.set('page', String(page + 1));
  const target = `${call.root}${call.path}?${next.toString()}`;
  return {
    status: 200,
    headers: { Link: link === 'plain' ? `<${target}>; rel="next"` : `< ${target}>;rel="next"` },
    body: shown.map(present),
  };
}

/** Refuses query parameters that a call does not know. */
export function refuseUnknownQuery(call: Call, known: readonly string[], reject: boolean): void {
  if (!reject) return;
  const problems = [...new Set(call.query.keys())]
    .filter((field) => !known.includes(field))
    .map((field) => ({ field, message: 'Unexpected/invalid field in request', code: 'invalid_field' }));
  if (problems.length > 0) throw invalid(problems);
}

/** A timestamp of the query in milliseconds; null when it is not there. */
export function timeOf(call: Call, field: string): number | null {
  const text = call.query.get(field);
  if (text === null) return null;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid([{ field, message: 'It should be a valid timestamp', code: 'invalid_value' }]);
  return time;
}

/** A value out of a closed list. */
export function choiceOf<T extends string>(call: Call, field: string, choices: readonly T[], fallback: T): T {
  const text = call.query.get(field);
  if (text === null) return fallback;
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw invalid([
    { field, message: `It should be one of these values: '${choices.join(',')}'`, code: 'invalid_value' },
  ]);
}

/** The values of `include`. */
export function includesOf(call: Call, known: readonly string[]): string[] {
  const names = (call.query.get('include') ?? '').split(',').filter((name) => name !== '');
  if (names.every((name) => known.includes(name))) return names;
  throw invalid([
    { field: 'include', message: `It should be one of these values: '${known.join(',')}'`, code: 'invalid_value' },
  ]);
}
