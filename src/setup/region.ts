/** The region of phone numbers, found by a help desk's time zone. Pure. Source: names of zones, Freshdesk contract 9. */

const CITIES: Readonly<Record<string, string>> = {
  ...{ AE: 'Abu Dhabi', AR: 'Buenos Aires', AT: 'Vienna', BE: 'Brussels', BG: 'Sofia', CH: 'Bern, Zurich' },
  ...{ AU: 'Adelaide, Brisbane, Canberra, Darwin, Hobart, Melbourne, Perth, Sydney', BR: 'Brasilia, Sao Paulo' },
  ...{ CA: 'Atlantic Time (Canada), Newfoundland, Saskatchewan, Toronto, Vancouver, Montreal, Edmonton, Winnipeg' },
  ...{ CL: 'Santiago', CN: 'Beijing, Chongqing, Shanghai', CO: 'Bogota', CZ: 'Prague', DE: 'Berlin' },
  ...{ DK: 'Copenhagen', EE: 'Tallinn', EG: 'Cairo', ES: 'Madrid', FI: 'Helsinki', FR: 'Paris', GR: 'Athens' },
  ...{ GB: 'London, Edinburgh', HK: 'Hong Kong', HU: 'Budapest', ID: 'Jakarta', IE: 'Dublin', IL: 'Jerusalem' },
  ...{ IN: 'Chennai, Kolkata, Mumbai, New Delhi', IT: 'Rome', JP: 'Osaka, Sapporo, Tokyo', KE: 'Nairobi' },
  ...{ KR: 'Seoul', LT: 'Vilnius', LV: 'Riga', MX: 'Guadalajara, Mexico City, Monterrey, Tijuana' },
  ...{ MY: 'Kuala Lumpur', NL: 'Amsterdam', NO: 'Oslo', NZ: 'Auckland, Wellington', PE: 'Lima', PL: 'Warsaw' },
  ...{ PT: 'Lisbon', RO: 'Bucharest', SA: 'Riyadh', SE: 'Stockholm', SG: 'Singapore', TH: 'Bangkok', TR: 'Istanbul' },
  ...{ TW: 'Taipei', UA: 'Kyiv', US: 'Alaska, Arizona, Hawaii, Indiana (East), New York, Chicago, Denver, Phoenix' },
  ...{ ZA: 'Pretoria, Johannesburg' },
};
const BY_CITY = new Map(
  Object.entries(CITIES).flatMap(([region, all]) => all.split(', ').map((city) => [city, region])),
);

/** Null where the zone names none, such as UTC. The zone is a city, one with a country, or of the form Europe/London. */
export function regionOf(zone: string | null): string | null {
  if (zone === null) return null;
  if (zone.endsWith('(US & Canada)') || zone === 'America/Los_Angeles') return 'US';
  return BY_CITY.get(zone.split('/').at(-1)?.replaceAll('_', ' ') ?? '') ?? null;
}
