/** What a client of an upstream tells of its calls: booked on the pace, counted, and kept for the alerts. */
import { Context } from '@temporalio/activity';
import type { Admit, ToldQuota, UpstreamCall } from '../clients/http-types';
import type { UpstreamSystem } from '../clients/upstream-error';
import type { Metrics } from '../metrics';
import { PRIORITY } from '../contract/names';
import type { Caller, Paces } from './credit-pace';
import { isLost, NotSent } from './heartbeat';
import type { Tracing } from '../tracing';
import type { QuotaBook } from './quota-book';

export interface ObservedDeps {
  paces: Paces;
  quotas: QuotaBook;
  metrics: Pick<Metrics, 'upstreamCall' | 'quota'>;
  tracing?: Pick<Tracing, 'upstreamCall'> | null;
}

/** Hooks for the client of a system. */
export const observed = ({ paces, quotas, metrics, tracing }: ObservedDeps) => {
  return (system: UpstreamSystem) => {
    const admit: Admit = async (call, signal) => {
      const context = currentContext();
      const ended = await paces[system].admit(call, callerIn(context), signal);
      if (context && isLost(context)) {
        ended({ sent: false, status: null, quota: null });
        throw new NotSent();
      }
      return ended;
    };
    return {
      admit,
      onCall: (call: UpstreamCall): void => {
        metrics.upstreamCall(call);
        tracing?.upstreamCall(call);
        quotas.noteStatus(system, call.status);
      },
      onQuota: (quota: ToldQuota): void => {
        metrics.quota(system, quota);
        quotas.note(system, quota);
      },
    };
  };
};

/** Attempts that have called before. */
const begun = new WeakSet<Context>();

/** The task whose activity calls; what runs outside of any is as urgent as an order. */
function callerIn(context: Context | null): Caller {
  if (!context) return { priority: PRIORITY.orders, begun: false };
  const isBegun = begun.has(context);
  begun.add(context);
  return { priority: context.info.priority?.priorityKey ?? PRIORITY.sweeps, begun: isBegun };
}

function currentContext(): Context | null {
  try {
    return Context.current();
  } catch {
    return null;
  }
}
