/** A refused create in words that people can act on. Promise: values stand in the failure's details, never in its message, which is logged. */
import { ApplicationFailure } from '@temporalio/activity';
import { UpstreamError } from '../src/clients/upstream-error';
import type { Config } from '../src/config/schema';
import type { FailureDetail } from '../src/contract/failures';
import { refusedValue, type RefusedValue } from '../src/domain/mapping';
import type { Directory } from './directory';

/** What an answer says of the values of `payload`; empty for any other error, or when it names none of them. */
export async function refusedValues(
  error: unknown,
  payload: Record<string, unknown>,
  { config, directory }: { config: Config; directory: Pick<Directory, 'ticketFieldNames'> },
  signal: AbortSignal,
): Promise<RefusedValue[]> {
  if (!(error instanceof UpstreamError) || (error.status !== 400 && error.status !== 422)) return [];
  const pointers = error.errors.flatMap(({ field }) => field ?? []);
  if (pointers.length === 0) return [];
  // Without their labels fields are named by their keys.
  const names = await directory.ticketFieldNames(signal).catch(() => undefined);
  return pointers.flatMap((pointer) => refusedValue(pointer, payload, config.workOrder, names) ?? []);
}

/** The same failure, its details naming the values. */
export function withValues(error: unknown, values: readonly RefusedValue[]): unknown {
  const detail = error instanceof ApplicationFailure ? (error.details?.[0] as FailureDetail | undefined) : undefined;
  if (!(error instanceof ApplicationFailure) || detail === undefined || values.length === 0) return error;
  const named: FailureDetail = {
    ...detail,
    detail: `${detail.detail.replace(/\.$/, '')}. ${values.map(({ sent }) => sent).join('; ')}`,
    remedy: `Correct ${values.map(({ correct }) => correct).join('; ')}, then retry.`,
  };
  const { type, message, nonRetryable } = error;
  return ApplicationFailure.create({
    ...(type ? { type } : {}),
    message,
    nonRetryable: nonRetryable === true,
    details: [named, ...(error.details ?? []).slice(1)],
  });
}
