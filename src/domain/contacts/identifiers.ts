/** By what Freshdesk can tell the person of a call from others; each null when the call does not have it in usable form. */
import { readPhone } from '../mapping/phone';
import { own } from './analytics-call';
import type { AnalyticsCall } from './analytics-call';
import { isNobody } from './nobody';
import { asEmail, isNothing, isUsableId, withoutInvisible } from './values';

export interface Identifiers {
  userId: string | null;
  /** Plain, in lower case. */
  email: string | null;
  /** E.164. */
  phone: string | null;
}

export interface IdentifierRules {
  /** Of phone numbers without a country code. */
  defaultRegion: string;
  /** More words that stand for nobody, in lower case. */
  nobody: ReadonlySet<string>;
}

export function readIdentifiers(
  { userId, traits }: AnalyticsCall,
  { defaultRegion, nobody }: IdentifierRules,
  notes: string[],
): Identifiers {
  return {
    userId: usableUserId(userId, nobody, notes),
    email: emailOf(own(traits, 'email'), nobody, notes),
    phone: phoneOf(own(traits, 'phone'), defaultRegion, notes),
  };
}

const NOBODY = 'stands for nobody; left out';

function usableUserId(userId: string | null, nobody: ReadonlySet<string>, notes: string[]): string | null {
  if (userId === null) return null;
  if (isNobody(userId, nobody)) notes.push(`userId: ${NOBODY}`);
  else if (!isUsableId(userId)) notes.push('userId: longer than 255 characters or with control characters; left out');
  else return userId;
  return null;
}

function emailOf(value: unknown, nobody: ReadonlySet<string>, notes: string[]): string | null {
  if (isNothing(value)) return null;
  const given = typeof value === 'string' ? value.trim() : '';
  const text = withoutInvisible(given);
  const email = asEmail(text);
  if (email !== null && !isNobody(text, nobody)) {
    if (text !== given) notes.push('email: invisible characters; taken off');
    return email;
  }
  if (given !== '' && isNobody(text, nobody)) notes.push(`email: ${NOBODY}`);
  else if (/[^\0-\x7f]/.test(text)) notes.push('email: holds other characters than plain ones; left out');
  else notes.push('email: not an e-mail address; left out');
  return null;
}

function phoneOf(value: unknown, region: string, notes: string[]): string | null {
  if (isNothing(value)) return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const phone = typeof text === 'string' ? readPhone(withoutInvisible(text), region) : null;
  if (phone === null) notes.push(`phone: not a valid number for region ${region}; left out`);
  else if (phone.extension !== null) notes.push(`phone: extension ${phone.extension}; left out`);
  return phone?.number ?? null;
}
