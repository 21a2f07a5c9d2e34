// merge.ts is not among these: workflows import it directly, and this file brings the phone library along.
export { entriesAt, NOTHING_SHARED, readCall } from './analytics-call';
export type { AnalyticsCall, CallType, SharedEntries } from './analytics-call';
export { gatesOf, judgeCall } from './judge';
export type { AcceptedContact, ContactRules, Gate } from './judge';
export { marksOf } from './marks';
export { tryEvent } from './try-event';
export type { EventTrial } from './try-event';
