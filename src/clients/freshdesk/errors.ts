/** Freshdesk's error bodies: nested, flat, empty, no JSON (contract 4). */
import { answeredError, plainText } from '../answer';
import type { Complaint } from '../answer';
import { asId, asItems, asRecord, asText } from '../coerce';
import type { HttpAnswer } from '../http-types';
import { readJson } from '../read-json';
import type { Redactor } from '../redact';
import type { UpstreamError, UpstreamFieldError } from '../upstream-error';

/** The error of an answer that is not 2xx. `code` is the body's own or that of its first field error. */
export function freshdeskError(answer: HttpAnswer, redactor: Redactor): UpstreamError {
  return answeredError('freshdesk', answer, readComplaint(answer.body), redactor);
}

function readComplaint(body: string): Complaint {
  const json = asRecord(readJson(body));
  if (!json) return { code: null, message: plainText(body), errors: [] };
  const errors = (asItems(json.errors) ?? []).flatMap((item) => readFieldError(item) ?? []);
  return {
    code: asText(json.code) ?? errors[0]?.code ?? null,
    message: asText(json.description) ?? asText(json.message),
    errors,
  };
}

function readFieldError(item: unknown): UpstreamFieldError | null {
  const error = asRecord(item);
  if (!error) return null;
  return {
    field: asText(error.field),
    message: asText(error.message) ?? '',
    code: asText(error.code),
    holderId: asId(asRecord(error.additional_info)?.user_id),
  };
}
