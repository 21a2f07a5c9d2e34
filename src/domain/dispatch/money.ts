/**
 * Money needs a person's yes. Promise: nothing is created, and no pay raised, above what the config allows or somebody said
 * yes to; a yes holds for what was shown and nothing else; nothing goes on waiting for a yes that it has. Source: interface,
 * section 8.
 */
import type { Commands } from '../../contract/memory';
import type { Visit, WantedApproval } from '../../contract/visit';
import type { DispatchPlan, LookRules, OrderChange } from '../../contract/ticket-calls';
import { isAssigned } from '../status';
import { block, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { CHANGE_APPROVAL } from './steps';

/** A sum as people write it; null: nobody can say how much it may come to. */
export const sumText = (amount: number | null): string =>
  amount === null ? 'a sum without an upper bound' : `$${amount.toFixed(Number.isInteger(amount) ? 0 : 2)}`;

/** A sum that can't be bounded, null, is above every limit; a limit of null is none. */
export const isAbove = (cost: number | null, limit: number | null): boolean =>
  limit !== null && (cost === null || cost > limit);

/** A yes covers a sum that is not above it; an unbounded sum only where that very thing was shown. */
const covers = ({ approved }: Visit, cost: number | null): boolean =>
  approved !== null && (cost === null ? approved.amount === null : approved.amount !== null && cost <= approved.amount);

/** True when a plan may become an order as far as its pay is concerned. */
export const mayCost = (visit: Visit, { cost }: Pick<DispatchPlan, 'cost'>, { payAbove }: LookRules): boolean =>
  !isAbove(cost, payAbove) || covers(visit, cost);

/** The parts of an order that money and a technician's way depend on. */
const PAY = 'pay';
const SITE = 'location';

/** What stands for pay and site in a change: a yes is to these values. */
const printOf = ({ prints }: OrderChange): string => [PAY, SITE].map((key) => prints[key] ?? '').join(' ');

/** The keys of a change to an open order that wait for a yes. */
export function keysInNeed(visit: Visit, change: OrderChange): string[] {
  const { approved, rules, status } = visit;
  const wanted = [PAY, SITE].filter((key) => Object.hasOwn(change.patch, key));
  if (approved?.print === printOf(change)) return [];
  if (status !== null && isAssigned(status.key)) return wanted;
  const tooMuch = isAbove(change.cost, rules?.payAbove ?? null) && !covers(visit, change.cost);
  return tooMuch ? wanted.filter((key) => key === PAY) : [];
}

/** Waits for a yes to a change of an open order; what waited before and differs is asked anew. */
export function askForChange(dispatch: Dispatch, visit: Visit, change: OrderChange, keys: readonly string[]): void {
  if (keys.length > 0) {
    askForYes(dispatch, visit, { of: 'change', amount: change.cost, print: printOf(change) });
    return;
  }
  if (visit.approval?.of === 'change') visit.approval = null;
  unblock(dispatch, CHANGE_APPROVAL);
}

const WHAT: Record<WantedApproval['of'], string> = {
  order: 'The work order costs more than dispatch.approval.payAbove allows',
  hour: 'More work orders than dispatch.approval.ordersPerHour were created within the last hour',
  change: 'The change of pay or site needs a yes',
};

export function askForYes(dispatch: Dispatch, visit: Visit, wanted: WantedApproval): void {
  const { ticketId } = dispatch;
  visit.approval = wanted;
  const detail =
    wanted.of === 'hour'
      ? `${WHAT.hour}. This one costs up to ${sumText(wanted.amount)}.`
      : `${WHAT[wanted.of]}: up to ${sumText(wanted.amount)}.`;
  const remedy = `To say yes, run \`deskbridge approve ${ticketId}\`. To say no, run \`deskbridge cancel ${ticketId} --reason …\`.`;
  const step = wanted.of === 'change' ? CHANGE_APPROVAL : 'approval';
  block(dispatch, step, { reason: 'approval', detail, remedy }, WHAT[wanted.of]);
}

/** A person's yes. It holds only for what waits when it arrives. */
export function heedApproval(dispatch: Dispatch, { by, amount }: NonNullable<Commands['approve']>): void {
  const visit = dispatch.newest;
  const wanted = visit?.approval ?? null;
  if (!visit || !wanted) {
    dispatch.note('Approval without effect', 'Nothing waits for a yes');
    return;
  }
  if (amount !== undefined && amount !== wanted.amount) {
    dispatch.note('Approval without effect', `${sumText(wanted.amount)} waits for a yes, not ${sumText(amount)}`);
    return;
  }
  const beyondHour = wanted.of === 'hour' || visit.approved?.beyondHour === true;
  const inBulk = visit.approved?.inBulk ? { inBulk: true as const } : {};
  visit.approved = { amount: wanted.amount, by, at: dispatch.at(), beyondHour, print: wanted.print, ...inBulk };
  visit.approval = null;
  unblock(dispatch, 'approval', CHANGE_APPROVAL);
  dispatch.note(
    `Approved by ${by ?? 'a person, no name given'}`,
    `${WHAT[wanted.of]}: up to ${sumText(wanted.amount)}`,
  );
  // Ticket and config are read and mapped anew before anything is spent.
  if (wanted.of === 'change') visit.sync.wantedAt = dispatch.at();
  else dispatch.memory.look.wanted = true;
}
