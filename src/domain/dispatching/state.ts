/** What the run `dispatching` remembers, and what each message makes of it. Every change gives a new memory. */
import type { DispatchingInput, DispatchingMemory, OrdersWanted, Upstreams } from '../../contract/dispatching';
import { NO_BASELINE, searchAgain } from './baseline';
import { stricterOrders, takeOrders } from './orders';
import { NOT_PAUSED, paused, stricter } from './pause';

const NO_UPSTREAMS: Upstreams = { freshdesk: null, fieldNation: null };

/** Of a run that begins: what it carries on, or what is known of an earlier one. */
export function begin({ carried, known }: DispatchingInput, now: number): DispatchingMemory {
  if (carried) return carried;
  const facts = stricter({ pause: NOT_PAUSED, upstreams: NO_UPSTREAMS, watched: {} }, known ?? {});
  const baseline = searchAgain(NO_BASELINE, {}, facts.watched, now);
  return { schema: 1, ...facts, orders: known?.orders ?? [], baseline, tellAt: [], copied: false };
}

export const onPause = (
  memory: DispatchingMemory,
  asked: Parameters<typeof paused>[1],
  now: number,
): DispatchingMemory => ({
  ...memory,
  pause: paused(memory.pause, asked, iso(now)),
  tellAt: [],
  copied: false,
});

/** Nothing is told when nothing was paused. */
export function onResume(memory: DispatchingMemory, now: number, tellAfter: readonly number[]): DispatchingMemory {
  if (!memory.pause.paused) return memory;
  return { ...memory, pause: NOT_PAUSED, tellAt: tellAfter.map((ms) => iso(now + ms)), copied: false };
}

export function onTakeOrders(
  memory: DispatchingMemory,
  wanted: OrdersWanted,
  now: number,
  hour: number,
): { memory: DispatchingMemory; granted: number } {
  const { orders, granted } = takeOrders(memory.orders, wanted, now, hour);
  return { memory: { ...memory, orders }, granted };
}

export const onOtherCopy = (
  memory: DispatchingMemory,
  other: NonNullable<DispatchingInput['known']>,
  now: number,
  hour: number,
): DispatchingMemory => {
  const facts = stricter(memory, other);
  return {
    ...memory,
    ...facts,
    orders: stricterOrders(memory.orders, other.orders, now, hour),
    baseline: searchAgain(memory.baseline, memory.watched, facts.watched, now),
    copied: false,
  };
};

/** The telling that is due is begun: it counts as done even where its answer is lost, as a later one follows. */
export const onTold = (memory: DispatchingMemory): DispatchingMemory => ({
  ...memory,
  tellAt: memory.tellAt.slice(1),
});

/** In ms until the next telling; null: none. */
export const tellIn = ({ tellAt: [next] }: DispatchingMemory, now: number): number | null =>
  next === undefined ? null : Math.max(0, Date.parse(next) - now);

const iso = (at: number): string => new Date(at).toISOString();
