/**
 * Which open orders a sweep looks at. Promise: after a gap every order, over as many sweeps as the budget asks for; without
 * one a step further around, and nothing that only waits for its payment.
 */
import type { ReconcileMarks } from '../../contract/reconcile';
import type { FailedDeliveries, OpenOrdersStep, OwnedOrder, WebhookState } from '../../contract/sweep-calls';
import { isDue } from './due';

type OrderMarks = ReconcileMarks['orders'];

/** Steps of one sweep: what a run's history can hold. */
const MOST_STEPS = 60;
/** Field Nation gives up after 21 minutes: a service that was away for longer has missed events, in ms. */
const AWAY_MS = 20 * 60 * 1000;
/** A delivery that failed may have been created this long before its last try, in ms. */
const TRIES_MS = 30 * 60 * 1000;

/** Every order from the first one; a round under way goes on first, so that none waits for ever. */
function startRound(marks: OrderMarks): void {
  if (marks.everyOne) {
    marks.onceMore = marks.after > 0;
    return;
  }
  marks.everyOne = true;
  marks.after = 0;
}

/** `overdue`: by how much the sweep comes later than its interval, in ms. */
export function takeWebhook(marks: OrderMarks, { mark }: WebhookState, overdue: number): void {
  // Switched off, changed, or not to be seen: events of that time are neither queued nor sent again.
  if (mark === null || mark !== marks.webhook || overdue > AWAY_MS) startRound(marks);
  marks.webhook = mark;
}

/** From when on the logs of deliveries are read; null: all of them. */
export const logsSince = ({ logsUntil }: OrderMarks): string | null =>
  logsUntil && new Date(Date.parse(logsUntil) - TRIES_MS).toISOString();

/** More failed deliveries than the logs name may be of any order. */
export function takeLogs(marks: OrderMarks, { more }: Pick<FailedDeliveries, 'more'>): void {
  if (more) startRound(marks);
}

/** How many steps the sweep may take around. */
export const stepsOf = ({ everyOne }: OrderMarks): number => (everyOne ? MOST_STEPS : 1);

export const dueOf = ({ everyOne }: OrderMarks, orders: OwnedOrder[], now: number): OwnedOrder[] =>
  everyOne ? orders : orders.filter((order) => isDue(order, now));

/** After a step whose orders were all looked at. False: that was the end of the round. */
export function takeStep(marks: OrderMarks, { after, width, end }: OpenOrdersStep): boolean {
  marks.after = after;
  marks.width = width;
  if (!end) return true;
  marks.after = 0;
  marks.everyOne = marks.onceMore;
  marks.onceMore = false;
  return false;
}
