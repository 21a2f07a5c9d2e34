import {
  judgeCall,
  readCall,
  type AcceptedContact,
  type AnalyticsCall,
  type ContactRules,
} from '../../src/domain/contacts';

/** As in the config file that is shipped. */
export const RULES: ContactRules = {
  defaultRegion: 'GB',
  consent: [
    'context.consent.categoryPreferences.marketing',
    'context.consent.marketing',
    'consent.marketing',
    'traits.marketing_consent',
  ],
  events: { 'Signed Up': { action: 'create' }, Identified: { action: 'upsert' } },
  customFields: { signup_method: 'properties.method' },
};

export const CONSENT = { consent: { marketing: true } };

export function callOf(item: unknown): AnalyticsCall {
  const read = readCall(item);
  if ('errors' in read) throw new Error(read.errors.join('; '));
  return read.call;
}

export const errorsOf = (item: unknown, type?: AnalyticsCall['type']): string[] => {
  const read = readCall(item, type);
  return 'errors' in read ? read.errors : [];
};

export const judged = (item: unknown, rules: Partial<ContactRules> = {}) =>
  judgeCall(callOf(item), { ...RULES, ...rules });

export function accepted(item: unknown, rules: Partial<ContactRules> = {}): AcceptedContact {
  const result = judged(item, rules);
  if ('dropped' in result) throw new Error(`dropped: ${result.dropped}`);
  return result.accepted;
}

/** An identify call with consent and a user id; `traits` is what matters to the test. */
export const person = (traits: unknown, more: Record<string, unknown> = {}) =>
  accepted({ type: 'identify', userId: 'usr_123', context: CONSENT, traits, ...more });

/** As it arrives: own properties whatever their names, such as `__proto__`. */
export const parsed = (json: string): unknown => JSON.parse(json);
