import { makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';

/**
 * Ends this run and goes on as a new one of the same kind. The memo is written anew: the engine would carry it over as it
 * stands, encrypted with a key that may have been replaced meanwhile.
 */
export function goOnAsNew(input: unknown): Promise<never> {
  const { memo } = workflowInfo();
  return makeContinueAsNewFunc<(input: unknown) => Promise<unknown>>(memo ? { memo } : {})(input);
}
