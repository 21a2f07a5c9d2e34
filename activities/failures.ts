/**
 * The one table from what an upstream said to what Temporal and the operator are told: type, retryability, reason and
 * remedy. Promise: the text names the setting or field to mend and holds no secret. Source: style 3, interface 5 and 6.
 */
import { ApplicationFailure } from '@temporalio/activity';
import type { AttentionReason } from '../src/contract/dispatch';
import type { UpstreamError, UpstreamSystem } from '../src/clients/upstream-error';
import { SYSTEM_NAMES, type CallExchange, type FailureDetail, type FailureType } from '../src/contract/failures';
import { cutText } from '../src/domain/text/plain';

/** Longest wait that a `Retry-After` can impose, in ms. */
export const RETRY_AFTER_CAP_MS = 60 * 60 * 1000;
const RETRY_AFTER_DEFAULT_MS = 60 * 1000;
/** Waits of many activities end at the same moment; up to this share is added so that they don't. */
const JITTER = 0.1;

const CREDENTIALS: Record<UpstreamSystem, string> = {
  freshdesk: 'FRESHDESK_API_KEY',
  'field-nation': 'FIELD_NATION_CLIENT_ID, FIELD_NATION_CLIENT_SECRET, FIELD_NATION_USERNAME and FIELD_NATION_PASSWORD',
};

/** A 429 without a usable `Retry-After` waits a minute; nothing waits longer than an hour, nor less than asked within it. */
export const waitAfter429 = (retryAfterMs: number | null, random: () => number = Math.random): number => {
  const asked = retryAfterMs === null ? RETRY_AFTER_DEFAULT_MS : Math.max(retryAfterMs, 1000);
  return Math.round(Math.min(asked * (1 + random() * JITTER), RETRY_AFTER_CAP_MS));
};

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 5 * 60 * 1000;

/**
 * How long an unreachable upstream is left alone, in ms: doubled with each attempt, but never more than half of the time
 * that the call has been waiting for. A storm of 429 in between counts many attempts and must not turn an outage of a
 * minute into waits of five.
 */
export function waitAfterOutage(attempt: number, waitingMs: number, random: () => number = Math.random): number {
  const byAttempts = FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 20);
  const byTime = Math.max(waitingMs / 2, FIRST_RETRY_MS);
  return Math.round(Math.min(byAttempts, byTime, LONGEST_RETRY_MS) * (1 + random() * JITTER));
}

const said = (error: UpstreamError): string => {
  const fields = error.errors.map((e) => [e.field, e.message].filter(Boolean).join(': '));
  if (fields.length > 0) return fields.join('; ');
  // The client's message begins with call and status, which are told already.
  const prefix = `${error.call} answered ${error.status}`;
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length).replace(/^: /, '') : error.message;
};

interface Verdict {
  type: FailureType;
  reason: AttentionReason;
  remedy: string;
}

const FRESHDESK_CODES: Record<string, string> = {
  missing_field:
    'Fill the field on the ticket, or take it off the fields required for closure in Freshdesk (Admin > Ticket Fields), then retry.',
  invalid_field: 'The field does not exist in Freshdesk: correct its name in the config file, then retry.',
  datatype_mismatch: 'The value has the wrong type for the field: correct it in the config file, then retry.',
  invalid_value: 'Choose a value that Freshdesk allows for the field, in the ticket or in the config file, then retry.',
};

function permanent(error: UpstreamError): Verdict {
  const name = SYSTEM_NAMES[error.system];
  if (error.phase === 'not-sent') {
    // The token was refused, with whatever status: the call itself was never judged.
    return {
      type: 'Unauthorized',
      reason: 'unauthorized',
      remedy: `Check ${CREDENTIALS[error.system]} and that the base URL setting is right, restart the service with the right value, then retry.`,
    };
  }
  switch (error.status) {
    case 401:
    case 403:
      return {
        type: 'Unauthorized',
        reason: 'unauthorized',
        remedy:
          error.status === 401
            ? `Check ${CREDENTIALS[error.system]}, restart the service with the right value, then retry.`
            : `Give the user behind ${CREDENTIALS[error.system]} the right to do this in ${name}, then retry.`,
      };
    case 404:
    case 405:
    case 410:
      return {
        type: 'NotFound',
        reason: 'not-found',
        remedy: isCreate(error)
          ? `${name} knows no such account: check ${BASE_URLS[error.system]}, restart the service with the right value, then retry.`
          : `Check in ${name} whether the record was deleted or marked as spam, and that the base URL setting is right; restore it and retry, or cancel the dispatch.`,
      };
    case 409:
      return {
        type: 'Conflict',
        reason: 'conflict',
        remedy: `Another record in ${name} holds this value: correct it there, then retry.`,
      };
    default:
      return {
        type: 'InvalidRequest',
        reason: 'rejected',
        remedy: isRedirect(error)
          ? `Something else than ${name} answers there: check ${BASE_URLS[error.system]}, restart the service, then retry.`
          : error.system === 'freshdesk'
            ? (FRESHDESK_CODES[error.errors[0]?.code ?? ''] ??
              'Correct the named field in the ticket or the config file, then retry.')
            : 'Correct the named field in the ticket or under workOrder in the config file (`deskbridge mapping check` reads it), then retry.',
      };
  }
}

const BASE_URLS: Record<UpstreamSystem, string> = {
  freshdesk: 'FRESHDESK_DOMAIN and FRESHDESK_BASE_URL',
  'field-nation': 'FIELD_NATION_BASE_URL',
};

/** What is made anew cannot be missing: the path itself is unknown there. */
const isCreate = ({ call }: UpstreamError): boolean => /^POST \/(contacts|workorders)$/.test(call);

/** Never followed, since credentials would go along: the address itself is wrong. */
const isRedirect = ({ status }: UpstreamError): boolean => status !== null && status >= 300 && status < 400;

const isTransient = (error: UpstreamError): boolean =>
  error.status === null || error.status < 300 || error.status === 408 || error.status === 425 || error.status >= 500;

/**
 * Turns a client's error into the failure that Temporal sees. Network faults and 5xx are retried after `outageWaitMs`
 * (null: by the activity's policy), 429 after `Retry-After`, everything else is final and carries a {@link FailureDetail} for the operator.
 */
export function toFailure(error: UpstreamError, outageWaitMs: number | null = null): ApplicationFailure {
  const answer = error.status === null ? error.message : `${error.status} ${said(error)}`.trim();
  const detail = `${SYSTEM_NAMES[error.system]} answered ${error.call} with ${answer}`.slice(0, 1000);
  if (error.status === 429) {
    const wait = waitAfter429(error.retryAfterMs);
    return failure('RateLimited', error, `${detail}; waiting ${Math.round(wait / 1000)} s`, wait, {
      reason: 'rejected',
      detail,
      remedy: 'None: it is tried again when the quota allows. If it happens often, lower the CALLS_PER_MINUTE setting.',
      unsure: false,
      retryAfterMs: wait,
      status: 429,
    });
  }
  if (isTransient(error)) {
    const reached = error.phase === 'answered' || error.phase === 'unreadable';
    const unavailable = reached
      ? detail
      : `${SYSTEM_NAMES[error.system]} could not be reached for ${error.call}: ${error.message}`;
    return failure('UpstreamUnavailable', error, unavailable, outageWaitMs, {
      reason: 'ambiguous',
      detail: unavailable,
      remedy: 'None: it is tried again.',
      unsure: error.phase !== 'not-sent',
      retryAfterMs: error.retryAfterMs === null ? null : Math.min(error.retryAfterMs, RETRY_AFTER_CAP_MS),
      status: error.status,
    });
  }
  const { type, reason, remedy } = permanent(error);
  return finalFailure(type, detail, toldExchange(error, LONG), {
    reason,
    detail,
    remedy,
    // What redirects may have done its part all the same.
    unsure: isRedirect(error),
    retryAfterMs: null,
    status: error.status,
  });
}

/** Tried again by Temporal. */
function failure(
  type: FailureType,
  error: UpstreamError,
  message: string,
  nextRetryDelayMs: number | null,
  detail: FailureDetail,
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    details: [detail, ...toldExchange(error, SHORT)],
    ...(nextRetryDelayMs === null ? {} : { nextRetryDelay: nextRetryDelayMs }),
  });
}

const finalFailure = (
  type: FailureType,
  message: string,
  exchange: CallExchange[],
  detail: FailureDetail,
): ApplicationFailure =>
  ApplicationFailure.create({ type, nonRetryable: true, message, details: [detail, ...exchange] });

/** No more attempts by Temporal: the workflow goes on with something else, and tries again by itself. */
export const forTheWorkflow = ({ type, message, details }: ApplicationFailure, error: UpstreamError) =>
  ApplicationFailure.create({
    type: type ?? 'UpstreamUnavailable',
    message,
    details: [...(details ?? []).slice(0, 1), ...toldExchange(error, LONG)],
    nonRetryable: true,
  });

/** A failure that ends a call stands in the history whole; of one that is tried again the engine keeps 4 kB with its stack. */
const LONG = 2000;
const SHORT = 300;

const toldExchange = ({ exchange }: UpstreamError, most: number): CallExchange[] =>
  exchange === null
    ? []
    : [{ request: cutText(exchange.request, most), answer: exchange.answer && cutText(exchange.answer, most) }];

/** A setting or a mapping that cannot be carried out; only a person can mend it. */
export const mappingFailure = (detail: string, remedy: string): ApplicationFailure =>
  finalFailure('MappingProblem', detail, [], {
    reason: 'mapping',
    detail,
    remedy,
    unsure: false,
    retryAfterMs: null,
    status: null,
  });
