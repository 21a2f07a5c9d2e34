import { randomUUID } from 'node:crypto';

import type { Answer } from '../pipeline';
import type { Knobs } from '../knobs';

/** One complaint; `pointer` is a JSON pointer into the body, `parameter` a query name. */
export interface ErrorDetail {
  detail: string;
  pointer?: string;
  parameter?: string;
}

/** A refusal that a handler throws; the surface turns it into an answer in the form that the knob asks for. */
export class FieldNationRefusal extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: ErrorDetail[] = [],
  ) {
    super(detail);
  }
}

export const invalid = (detail: string, errors: ErrorDetail[] = []): FieldNationRefusal =>
  new FieldNationRefusal(400, detail, errors);

export const notFound = (what: string): FieldNationRefusal => new FieldNationRefusal(404, `${what} was not found.`);

/** Throws all complaints in one answer, when there are any. */
export function refuseIfAny(errors: ErrorDetail[]): void {
  if (errors.length > 0) throw invalid('The request has invalid values.', errors);
}

interface Kind {
  code: string;
  title: string;
  retryable: boolean;
  agent: { action: string; backoffMs?: number; maxAttempts?: number };
}

const KINDS: Record<number, Kind> = {
  400: { code: 'VALIDATION_ERROR', title: 'Validation failed', retryable: false, agent: { action: 'FIX_INPUT' } },
  401: {
    code: 'AUTHENTICATION_REQUIRED',
    title: 'Authentication required',
    retryable: false,
    agent: { action: 'REAUTHENTICATE' },
  },
  403: {
    code: 'INSUFFICIENT_PERMISSIONS',
    title: 'Insufficient permissions',
    retryable: false,
    agent: { action: 'ESCALATE' },
  },
  404: { code: 'RESOURCE_NOT_FOUND', title: 'Resource not found', retryable: false, agent: { action: 'FIX_INPUT' } },
  429: {
    code: 'RATE_LIMIT_EXCEEDED',
    title: 'Rate limit exceeded',
    retryable: true,
    agent: { action: 'RETRY', backoffMs: 60_000, maxAttempts: 3 },
  },
  503: {
    code: 'SERVICE_UNAVAILABLE',
    title: 'Service unavailable',
    retryable: true,
    agent: { action: 'RETRY', backoffMs: 5000, maxAttempts: 3 },
  },
};
const OTHER: Kind = { code: 'INTERNAL_ERROR', title: 'Internal error', retryable: true, agent: { action: 'RETRY' } };
const OTHER_CLIENT: Kind = {
  code: 'REQUEST_REFUSED',
  title: 'Request refused',
  retryable: false,
  agent: { action: 'FIX_INPUT' },
};

/** An error body in one of the forms of section 17. */
export function errorAnswer(form: Knobs['fieldNation']['errorBody'], refusal: FieldNationRefusal): Answer {
  const { status, detail, errors } = refusal;
  const kind = KINDS[status] ?? (status < 500 ? OTHER_CLIENT : OTHER);
  switch (form) {
    case 'problem': {
      const slug = kind.code.toLowerCase().replace(/_/g, '-');
      const { code, title, retryable, agent } = kind;
      const type = `https://developer.fieldnation.com/error-codes/${slug}/`;
      const listed = errors.length > 0 ? errors : [{ detail }];
      return {
        status,
        headers: { 'Content-Type': 'application/problem+json' },
        body: { type, title, status, detail, code, errors: listed, retryable, correlationId: randomUUID(), agent },
      };
    }
    case 'status-message':
      return { status, body: { status, message: text(refusal) } };
    case 'error-object':
      return { status, body: { error: { code: kind.code.toLowerCase(), message: text(refusal) } } };
    case 'error-details': {
      const field = errors[0]?.pointer?.slice(1).replace(/\//g, '.');
      const details = field === undefined ? {} : { details: { field } };
      return { status, body: { error: { code: kind.code.toLowerCase(), message: text(refusal), ...details } } };
    }
    case 'fields': {
      const named: [string, string[]][] = errors.flatMap(({ pointer, detail: said }): [string, string[]][] =>
        pointer === undefined ? [] : [[pointer.slice(1), [said]]],
      );
      return { status, body: { code: status, message: detail, fields: Object.fromEntries(named), trace: [] } };
    }
    case 'html':
      return {
        status,
        raw: { type: 'text/html', content: `<html><body><h1>${status} ${kind.title}</h1></body></html>` },
      };
  }
}

const text = ({ detail, errors }: FieldNationRefusal): string =>
  [detail, ...errors.map((error) => error.detail)].join(' ');
