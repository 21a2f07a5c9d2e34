/** By what Freshdesk can tell the person of a call from others; each null when the call does not have it in usable form. */
import { toE164 } from '../mapping/phone';
import { own } from './analytics-call';
import type { AnalyticsCall } from './analytics-call';
import { asEmail, isNothing, isUsableId } from './values';

export interface Identifiers {
  userId: string | null;
  /** Lower case. */
  email: string | null;
  /** E.164. */
  phone: string | null;
}

export function readIdentifiers({ userId, traits }: AnalyticsCall, region: string, notes: string[]): Identifiers {
  return {
    userId: usableUserId(userId, notes),
    email: emailOf(own(traits, 'email'), notes),
    phone: phoneOf(own(traits, 'phone'), region, notes),
  };
}

function usableUserId(userId: string | null, notes: string[]): string | null {
  if (userId === null || isUsableId(userId)) return userId;
  notes.push('userId: longer than 255 characters or with control characters; left out');
  return null;
}

function emailOf(value: unknown, notes: string[]): string | null {
  if (isNothing(value)) return null;
  const email = typeof value === 'string' ? asEmail(value) : null;
  if (email === null) notes.push('email: not an e-mail address; left out');
  return email;
}

function phoneOf(value: unknown, region: string, notes: string[]): string | null {
  if (isNothing(value)) return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const phone = typeof text === 'string' ? toE164(text, region) : null;
  if (phone === null) notes.push(`phone: not a valid number for region ${region}; left out`);
  return phone;
}
