/** Field Nation's error bodies: problem+json and the older forms, in the order of contract 17. */
import { answeredError, plainText } from '../answer';
import type { Complaint } from '../answer';
import { asBoolean, asItems, asNumber, asRecord, asText } from '../coerce';
import type { HttpAnswer } from '../http-types';
import { readJson } from '../read-json';
import type { Redactor } from '../redact';
import type { UpstreamError, UpstreamFieldError } from '../upstream-error';

type Body = Record<string, unknown>;

/** The error of an answer that is not 2xx. Only the HTTP status counts: bodies may name another one. */
export function fieldNationError(answer: HttpAnswer, redactor: Redactor): UpstreamError {
  return answeredError('field-nation', answer, readComplaint(answer.body), redactor);
}

/** Reads any of the documented bodies; of others the plain text, if it is that. */
export function readComplaint(body: string): Complaint {
  const json = asRecord(readJson(body));
  if (!json) return { code: null, message: plainText(body), errors: [] };
  return readProblem(json) ?? readEnvelope(json) ?? readWrapped(json) ?? readOAuth(json) ?? readFlat(json);
}

/** RFC 9457; `agent.backoffMs` is the wait that the catalogue names for the code. */
function readProblem(json: Body): Complaint | null {
  const title = asText(json.title);
  const detail = asText(json.detail);
  if (title === null && detail === null) return null;
  return {
    code: asText(json.code),
    message: [title, detail].filter(Boolean).join(': '),
    errors: readErrors(json.errors),
    requestId: asText(json.correlationId),
    retryable: asBoolean(json.retryable),
    retryAfterMs: notNegative(asNumber(asRecord(json.agent)?.backoffMs)),
  };
}

/** `{ metadata, errors: [{ code, message }], result }` of the webhooks API. */
function readEnvelope(json: Body): Complaint | null {
  const errors = readErrors(json.errors);
  if (errors.length === 0) return null;
  return { code: errors[0]?.code ?? null, message: asText(json.message), errors };
}

/** `{ error: { code, message, field?, details?: { field }, retry_after? } }`; the wait is in seconds. */
function readWrapped(json: Body): Complaint | null {
  const error = asRecord(json.error);
  if (!error) return null;
  const seconds = notNegative(asNumber(error.retry_after));
  const field = asText(error.field) ?? asText(asRecord(error.details)?.field);
  const code = asText(error.code);
  const message = asText(error.message);
  return {
    code,
    message: field === null ? message : null,
    errors: field === null ? [] : [{ field, message: message ?? '', code, holderId: null }],
    retryAfterMs: seconds === null ? null : seconds * 1000,
  };
}

/** `{ error, error_description }` of the token endpoint. */
function readOAuth(json: Body): Complaint | null {
  const error = asText(json.error);
  return error === null ? null : { code: error, message: asText(json.error_description) ?? error, errors: [] };
}

/** `{ status, message }`, `{ status_code, message }` and `{ code, message, fields, trace }`. */
function readFlat(json: Body): Complaint {
  return { code: asText(json.code), message: asText(json.message), errors: readFields(json.fields) };
}

function readErrors(errors: unknown): UpstreamFieldError[] {
  return (asItems(errors) ?? []).flatMap((item) => {
    const error = asRecord(item);
    if (!error) return [];
    const message = asText(error.detail) ?? asText(error.message) ?? '';
    return {
      field: asText(error.pointer) ?? asText(error.parameter),
      message,
      code: asText(error.code),
      holderId: null,
    };
  });
}

function readFields(fields: unknown): UpstreamFieldError[] {
  const names = asItems(fields)
    ?.map(asText)
    .filter((name) => name !== null);
  if (names) return names.map((field) => ({ field, message: '', code: null, holderId: null }));
  return Object.entries(asRecord(fields) ?? {}).map(([field, value]) => ({
    field,
    message: asText(asItems(value)?.[0] ?? value) ?? '',
    code: null,
    holderId: null,
  }));
}

function notNegative(value: number | null): number | null {
  return value !== null && value >= 0 ? value : null;
}
