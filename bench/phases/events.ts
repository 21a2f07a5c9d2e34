/** Product events as a website sends them. */

export const WRITE_KEY = 'write-key-of-the-bench';

const authorization = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`;

export const intakeHeaders = (): Record<string, string> => ({ authorization });

export type Event = Record<string, unknown> & { type: 'identify' | 'page' };

/** A visitor who is not known: nobody to make a contact of. */
export const anonymousEvent = (index: number): Event => {
  const common = {
    messageId: `anonymous-${index}`,
    anonymousId: `visitor-${index % 1000}`,
    timestamp: new Date().toISOString(),
    context: { page: { path: '/pricing', title: 'Pricing', url: 'https://shop.example/pricing' } },
  };
  if (index % 2 === 0)
    return { type: 'page', name: 'Pricing', properties: { referrer: 'https://search.example/' }, ...common };
  return { type: 'identify', traits: { plan: 'trial' }, ...common };
};

export const userIdOf = (person: number): string => `usr_${person}`;

/** The so-manieth event of a person; each has another title, so that none says the same as the one before. */
export const identifyEvent = (person: number, nth: number): Event => ({
  type: 'identify',
  messageId: `identify-${person}-${nth}`,
  userId: userIdOf(person),
  timestamp: new Date().toISOString(),
  traits: {
    email: `person.${person}@people.example`,
    name: `Person ${person}`,
    phone: `+4420${String(70_000_000 + person)}`,
    title: `Title ${nth}`,
    marketing_consent: true,
  },
});
