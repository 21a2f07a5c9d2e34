import { SandboxRefusal } from './control-types';
import type { Answer } from './pipeline';

/** Runs the work; a fake's own refusal comes out as a SandboxRefusal. */
export function asRefusal<E extends Error, T>(
  kind: abstract new (...args: never[]) => E,
  answerOf: (error: E) => Answer,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    const { status, body } = answerOf(error);
    const detail = status === 404 ? 'there is no such record' : JSON.stringify(body);
    throw new SandboxRefusal(`Refused (${status}): ${detail}`, status, body ?? null);
  }
}
