/** From an HTTP answer to parsed data or the one error. */
import type { z } from 'zod';
import { exchangeOf } from './call-exchange';
import { readJson } from './read-json';
import type { HttpAnswer } from './http-types';
import type { Redactor } from './redact';
import { parseRetryAfter } from './retry-after';
import { UpstreamError } from './upstream-error';
import type { UpstreamFieldError, UpstreamSystem } from './upstream-error';

/** What an error body told; all of it may be absent. */
export interface Complaint {
  code: string | null;
  message: string | null;
  errors: UpstreamFieldError[];
  requestId?: string | null;
  retryable?: boolean | null;
  retryAfterMs?: number | null;
}

export function isSuccess(answer: HttpAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** Text of a body that is neither JSON nor HTML, for the message; null when there is none. */
export function plainText(body: string): string | null {
  const text = body.trim();
  return text === '' || text.startsWith('<') ? null : text;
}

/** The error of an answer that is not 2xx, free of secrets. */
export function answeredError(
  system: UpstreamSystem,
  answer: HttpAnswer,
  complaint: Complaint,
  { redact }: Redactor,
): UpstreamError {
  const clean = (value: string | null | undefined): string | null => (value ? redact(value) : null);
  const details = complaint.errors.map((error) => [error.field, error.message].filter(Boolean).join(': '));
  const said = [complaint.message, ...details].filter(Boolean).join('; ');
  const redirect = answer.status >= 300 && answer.status < 400 ? 'redirects are not followed' : '';
  return new UpstreamError({
    system,
    phase: 'answered',
    status: answer.status,
    code: clean(complaint.code),
    message: redact([`${answer.call} answered ${answer.status}`, redirect || said].filter(Boolean).join(': ')),
    retryAfterMs: parseRetryAfter(answer.headers['retry-after']) ?? complaint.retryAfterMs ?? null,
    requestId: clean(complaint.requestId ?? answer.headers['x-request-id']),
    retryable: complaint.retryable ?? null,
    errors: complaint.errors.map((error) => ({
      ...error,
      field: clean(error.field),
      message: redact(error.message),
      code: clean(error.code),
    })),
    call: answer.call,
    exchange: exchangeOf(answer.request, answer, redact),
  });
}

/** The parsed body of a 2xx; throws phase `unreadable` when it does not hold what is needed. */
export function parseAnswer<T extends z.ZodType>(
  system: UpstreamSystem,
  answer: HttpAnswer,
  schema: T,
  { redact }: Redactor,
): z.output<T> {
  const json = readJson(answer.body);
  const parsed = json === undefined ? null : schema.safeParse(json);
  if (parsed?.success) return parsed.data;
  const issue = parsed?.error.issues[0];
  const flaw = issue ? `${issue.path.join('.') || 'the body'}: ${issue.message}` : 'the body is empty or no JSON';
  throw new UpstreamError({
    system,
    phase: 'unreadable',
    status: answer.status,
    code: null,
    message: redact(`${answer.call} answered ${answer.status}, but the answer cannot be read: ${flaw}`),
    retryAfterMs: null,
    requestId: answer.headers['x-request-id'] ? redact(answer.headers['x-request-id']) : null,
    call: answer.call,
    exchange: exchangeOf(answer.request, answer, redact),
  });
}
