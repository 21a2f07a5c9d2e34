/**
 * What a thin event does not tell of its order. Promise: one read at most an attempt, and only where the status names
 * such words; a ticket never waits longer for them than two attempts.
 */
import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { FieldNationClient } from '../src/clients/field-nation';
import type { Config } from '../src/config/schema';
import { fieldPaths } from '../src/domain/mapping';
import { completed, type OrderEvent } from '../src/domain/order-event';
import type { EffectInput } from '../src/contract/effect-calls';

import type { Upstream } from './upstream';
import { asEvent } from './order-ref';

export interface OrderToldDeps {
  fieldNation: Pick<FieldNationClient, 'viewWorkOrder'>;
  config: { current(): Config };
  upstream: Upstream;
}

/** Paths that only the order, or an event with the whole of it, can fill. */
const ORDER_WORDS = /^(provider\.|workOrder\.(title|closing_notes|time_logs|schedule|eta|milestones)\b)/;

const ATTEMPTS = 2;

/** Nobody but a provider does the work: an event of it without one has a form of its own. */
const lacksWords = ({ thin, provider }: OrderEvent, key: EffectInput['key']): boolean =>
  thin === true || (key === 'work-done' && provider === null);

/** The input with the words that its event lacks; as it is where nothing is lacking or Field Nation does not answer. */
export async function withOrderTold(input: EffectInput, deps: OrderToldDeps): Promise<EffectInput> {
  const { key, event, workOrderId, at } = input;
  const effect = key === 'draft' ? undefined : deps.config.current().status[key];
  if (!effect || !event || workOrderId === null || !lacksWords(event, key)) return input;
  const paths = [effect.note ?? '', ...Object.values(effect.fields)].flatMap(fieldPaths);
  if (!paths.some((path) => ORDER_WORDS.test(path))) return input;
  const { attempt } = activityInfo();
  if (attempt > ATTEMPTS) return input;
  try {
    const order = await deps.upstream('field-nation', (signal) => deps.fieldNation.viewWorkOrder(workOrderId, signal));
    return { ...input, event: completed(event, asEvent(order, { key, at })) };
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    if (error.nonRetryable || attempt === ATTEMPTS) return input;
    throw error;
  }
}
