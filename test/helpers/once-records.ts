/** The records of one account in this process; web processes that share them agree. */
import type { OnceRecords } from '../../src/temporal/once-records';

export function onceRecords(): OnceRecords {
  const ids = new Set<string>();
  return {
    record: async (kind, id) => !ids.has(`${kind} ${id}`) && ids.add(`${kind} ${id}`) !== null,
    isRecorded: async (kind, id) => ids.has(`${kind} ${id}`),
  };
}
