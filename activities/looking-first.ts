/**
 * What is written once. Promise: a run that was reset writes no note, message or file again that it has written before: it
 * looks for each first, as after an unanswered call.
 */

/** What the engine knows of the past of the present activity's run. */
export interface RunPast {
  /**
   * Whether it can be trusted to know what it did: it began after this process, nobody has reset it, and no run before it
   * was cut short. A run that cannot be described is not trusted.
   */
  isFresh: () => Promise<boolean>;
  /** Whether it, or a run before it as far as this process knows, was reset: it may do again what is done already. */
  wasReset: () => Promise<boolean>;
  /** When the run before it last saw its ticket without a trigger, ISO 8601; null when it saw one, and when there was none. */
  unmatchedAt: () => Promise<string | null>;
}

type Activity = (input: never) => Promise<unknown>;

/** The same activities, whose inputs say by `lookFirst`, or by an absent `withNote`, what a run that was reset needs. */
export function lookingFirst<A extends object>(activities: A, { wasReset }: Pick<RunPast, 'wasReset'>): A {
  const careful = (write: Activity) => async (input: object) => {
    const isUnsure = 'lookFirst' in input && input.lookFirst === false;
    const hasNote = 'withNote' in input && input.withNote === true;
    if (!(isUnsure || hasNote) || !(await wasReset())) return write(input as never);
    return write({ ...input, ...(isUnsure && { lookFirst: true }), ...(hasNote && { withNote: false }) } as never);
  };
  const entries = Object.entries(activities) as [string, Activity][];
  return Object.fromEntries(entries.map(([name, write]) => [name, careful(write)])) as A;
}
