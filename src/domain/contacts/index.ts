// merge.ts is not among these: workflows import it directly, and this file brings the phone library along.
export { CALL_TYPES, readCall } from './analytics-call';
export type { AnalyticsCall, CallType } from './analytics-call';
export { judgeCall } from './judge';
export type { AcceptedContact, ContactRules } from './judge';
export { marksOf } from './marks';
