import type { Answer } from '../pipeline';

/** One complaint of a 400 or 409 (Freshdesk contract, section 4). */
export interface FieldProblem {
  field: string;
  message: string;
  code: string;
  additional_info?: { user_id: number };
}

/** A refusal that a handler throws; the surface turns it into an answer. */
export class FreshdeskRefusal extends Error {
  constructor(readonly answer: Answer) {
    super(`Freshdesk refusal ${answer.status}`);
  }
}

export const problemAnswer = (problems: FieldProblem[], status = 400): Answer => ({
  status,
  body: { description: 'Validation failed', errors: problems },
});

export const flatAnswer = (status: number, message: string, code?: string): Answer => ({
  status,
  body: code === undefined ? { message } : { code, message },
});

/** 404 has no body (section 4). */
export const notFound = (): FreshdeskRefusal => new FreshdeskRefusal({ status: 404 });

export const invalid = (problems: FieldProblem[]): FreshdeskRefusal => new FreshdeskRefusal(problemAnswer(problems));

export const conflict = (problems: FieldProblem[]): FreshdeskRefusal =>
  new FreshdeskRefusal(problemAnswer(problems, 409));

/** 405, for a wrong verb as for a deleted, spam or blocked record. */
export function methodNotAllowed(method: string, allowed: string[]): Answer {
  return {
    ...flatAnswer(405, `${method} method is not allowed. It should be one of these method(s): ${allowed.join(', ')}`),
    headers: { Allow: allowed.join(', ') },
  };
}

/** Throws all complaints in one answer, when there are any. */
export function refuseIfAny(problems: FieldProblem[]): void {
  if (problems.length > 0) throw invalid(problems);
}
