/** What would become of one event, gate by gate. Promise: nothing is sent, and the body is exactly the one that would be. */
import type { MappedContact } from '../../contract/contact';
import { readCall } from './analytics-call';
import { gatesOf, judgeCall, type ContactRules, type Gate } from './judge';

export interface EventTrial {
  outcome: 'accepted' | 'dropped' | 'invalid';
  /** A drop reason, or what is wrong with the form; null when accepted. */
  reason: string | null;
  gates: Gate[];
  /** Of the contact for Freshdesk; null: nothing would be sent. */
  body: MappedContact | null;
  notes: string[];
}

export function tryEvent(item: unknown, rules: ContactRules): EventTrial {
  const read = readCall(item);
  if ('errors' in read) {
    return { outcome: 'invalid', reason: read.errors.join('; '), gates: [], body: null, notes: [] };
  }
  const gates = gatesOf(read.call, rules);
  const verdict = judgeCall(read.call, rules);
  if ('dropped' in verdict) {
    return { outcome: 'dropped', reason: verdict.dropped, gates, body: null, notes: verdict.notes ?? [] };
  }
  const { contact: body, notes } = verdict.accepted;
  return { outcome: 'accepted', reason: null, gates, body, notes };
}
