/**
 * Changes of an existing work order. Promise: one call, only the given keys, safe to repeat since it sets values; what
 * Field Nation refuses is told with the keys it names, not thrown.
 */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { MoneyGate } from '../src/contract/dispatching';
import { UpstreamError } from '../src/clients/upstream-error';
import { namedKeys } from '../src/domain/order-update';
import { pausedNow } from './paused';
import type { Upstream } from './upstream';
import type { UpdateOrderInput, UpdateAnswer } from '../src/contract/order-calls';

export interface OrderUpdateActivitiesDeps {
  fieldNation: FieldNationClient;
  gate: Pick<MoneyGate, 'pause'>;
  upstream: Upstream;
}

export const createOrderUpdateActivities = ({ fieldNation, gate, upstream }: OrderUpdateActivitiesDeps) => ({
  async updateWorkOrder({ workOrderId, patch }: UpdateOrderInput): Promise<UpdateAnswer> {
    const held = Object.hasOwn(patch, 'pay') ? await pausedNow(gate) : null;
    if (held) return held;
    return upstream('field-nation', async (signal) => {
      try {
        await fieldNation.updateWorkOrder(workOrderId, patch, signal);
        return { refused: null };
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.phase !== 'answered') throw error;
        if (error.status !== 400 && error.status !== 422) throw error;
        const named = error.errors.map(({ field }) => field);
        const said = [...new Set(error.errors.map(({ message }) => message))].join(' ') || error.message;
        return { refused: { keys: namedKeys(patch, named), said } };
      }
    });
  },
});
