/** What is said from a shell, in the audit trail under the name of the machine's user. */
import { userInfo } from 'node:os';
import type { Settings } from '../config/settings';
import { auditFile, createAudit, type Act } from '../http/audit';
import { createLogger } from '../log';
import type { Starter } from '../temporal/starter';

/** Writes down what was done, once it is done. On a cluster there is no file to write it to. */
export function auditOf(settings: Settings): (act: Act, what: string) => void {
  const audit = createAudit({ file: auditFile(settings), log: createLogger('silent', false) });
  return (act, what) => audit.note({ act, by: { who: userName(), via: 'shell' }, what });
}

/** The same starter; each act is written down once it is done. */
export function audited(starter: Starter, settings: Settings): Starter {
  const audit = auditOf(settings);
  const note = (act: Act, ticketId: number): void => audit(act, `ticket ${ticketId}`);
  return {
    ...starter,
    dispatchVisit: async (ticketId, by) => {
      const id = await starter.dispatchVisit(ticketId, by);
      note('dispatched', ticketId);
      return id;
    },
    retry: async (ticketId, by) => {
      await starter.retry(ticketId, by);
      note('retried', ticketId);
    },
    approve: async (ticketId, yes) => {
      await starter.approve(ticketId, yes);
      note('approved', ticketId);
    },
    cancel: async (ticketId, reason, by) => {
      await starter.cancel(ticketId, reason, by);
      note('cancelled', ticketId);
    },
  };
}

/** A container may run as a user that its system has no name for. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
