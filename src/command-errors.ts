/** Errors that are for the person who asked: a command's exit code and a page's answer follow from their class. */

/** The work itself failed or needs attention; the message says what to do. */
export class WorkFailedError extends Error {
  override readonly name = 'WorkFailedError';
}

/** Something was asked for that cannot be done in this form. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
