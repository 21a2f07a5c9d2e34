/** What a client of an upstream tells of its calls: booked on the pace, counted, and kept for the alerts. */
import type { UpstreamCall } from '../clients/http-types';
import type { UpstreamSystem } from '../clients/upstream-error';
import type { Metrics } from '../metrics';
import { booking, type Paces } from './credit-pace';
import type { Tracing } from '../tracing';
import type { QuotaBook } from './quota-book';

export interface ObservedDeps {
  paces: Paces;
  quotas: QuotaBook;
  metrics: Pick<Metrics, 'upstreamCall' | 'quota'>;
  tracing?: Pick<Tracing, 'upstreamCall'> | null;
}

interface SeenQuota {
  limit: number | null;
  remaining: number | null;
  used: number | null;
}

/** Hooks for the client of a system. */
export const observed = ({ paces, quotas, metrics, tracing }: ObservedDeps) => {
  return (system: UpstreamSystem) => {
    const book = booking(paces[system]);
    return {
      onCall: (call: UpstreamCall): void => {
        book.onCall();
        metrics.upstreamCall(call);
        tracing?.upstreamCall(call);
        quotas.noteStatus(system, call.status);
      },
      onQuota: (quota: SeenQuota): void => {
        book.onQuota(quota);
        metrics.quota(system, quota);
        quotas.note(system, quota);
      },
    };
  };
};
