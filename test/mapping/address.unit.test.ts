/** Postal codes and states as the address's country writes them. */
import { DEFAULT_WORK_ORDER } from '../../src/config/defaults';
import { mapWorkOrder, NO_RULES } from '../../src/domain/mapping';
import { countryCode, postalCode, stateCode } from '../../src/domain/mapping/address';
import { NO_FIELDS, SITE, sourcesOf } from './ticket';

it.each([
  ['2134', 'US', '02134'],
  ['02134', 'US', '02134'],
  ['501', 'US', '00501'],
  ['2134.0', 'US', '02134'],
  ['02134 - 1234', 'US', '02134-1234'],
  ['021341234', 'US', '02134-1234'],
  ['12', 'US', null],
  ['K1A 0B1', 'US', null],
  ['K1A0B1', 'CA', 'K1A 0B1'],
  ['k1a-0b1', 'CA', 'K1A 0B1'],
  ['D1A 0B1', 'CA', null],
  ['45402', 'CA', null],
  ['sw1a1aa', 'GB', 'SW1A 1AA'],
  ['M1 1AE', 'GB', 'M1 1AE'],
  ['45402', 'GB', null],
  ['1067', 'DE', '01067'],
  ['800', 'AU', '0800'],
  ['AB-12 x', 'AO', 'AB-12 X'],
  ['2134', null, '2134'],
])('postal code %s of %s is %s', (given, country, code) => {
  expect(postalCode(given, country)).toBe(code);
});

it.each([
  ['Massachusetts', 'US', 'MA'],
  [' ma ', 'US', 'MA'],
  ['US-MA', 'US', 'MA'],
  ['Washington, D.C.', 'US', 'DC'],
  ['AE', 'US', 'AE'],
  ['Ontario', 'US', null],
  ['Massachussets', 'US', null],
  ['Québec', 'CA', 'QC'],
  ['ON', 'CA', 'ON'],
  ['Newfoundland & Labrador', 'CA', 'NL'],
  ['P.E.I.', 'CA', 'PE'],
  ['OH', 'CA', null],
  ['New South Wales', 'AU', 'NSW'],
  ['Kent', 'GB', 'Kent'],
  ['West Midlands', 'GB', 'West Midlands'],
  ['OH', 'GB', null],
  ['Massachusetts', null, 'Massachusetts'],
])('state %s of %s is %s', (given, country, code) => {
  expect(stateCode(given, country)).toBe(code);
});

it.each([
  ['us', 'US'],
  ['United States', 'US'],
  ['U.S.A.', 'US'],
  ['UK', 'GB'],
  ['Canada', 'CA'],
  ['Narnia', null],
  ['', null],
])('country %s is %s', (given, code) => {
  expect(countryCode(given)).toBe(code);
});

const mapped = (fields: Record<string, unknown>, changes: object = {}) =>
  mapWorkOrder(DEFAULT_WORK_ORDER, sourcesOf({ custom_fields: { ...SITE, ...fields }, ...changes }), {
    ...NO_FIELDS,
    schedule: NO_RULES,
  });

describe('the shipped mapping', () => {
  it('mends what a number field and a list of names do to an address', () => {
    const { payload, problems } = mapped({ cf_site_zip: 2134, cf_site_city: 'Boston', cf_site_state: 'Massachusetts' });
    expect(problems).toEqual([]);
    expect(payload['location']).toMatchObject({ zip: '02134', state: 'MA', country: 'US' });
  });

  it('names a code and a state that the country does not have, with their values', () => {
    const { problems } = mapped({ cf_site_country: 'CA', cf_site_state: 'OH', cf_site_zip: '45402' });
    expect(problems.map(({ target, message, value }) => [target, message, value])).toEqual([
      ['location.state', 'cf_site_state: "OH" is not a state of CA', 'OH'],
      ['location.zip', 'cf_site_zip: "45402" is not a postal code of CA', '45402'],
    ]);
  });

  it('takes the fields of a service task where they are', () => {
    const task = {
      ...{ cf_visit_date: null, cf_visit_time: null, cf_site_address: null },
      ...{ cf_fsm_contact_name: 'Ida Moss', cf_fsm_phone_number: '+13125550142' },
      cf_fsm_service_location: '12 Mill Road',
      cf_fsm_appointment_start_time: '2027-03-02T15:00:00Z',
      cf_fsm_appointment_end_time: '2027-03-02T17:00:00Z',
    };
    const { payload, problems } = mapped(task, { type: 'Service Task' });
    expect(problems).toEqual([]);
    expect(payload).toMatchObject({
      location: { address1: '12 Mill Road' },
      schedule: {
        service_window: { mode: 'exact', start: { utc: '2027-03-02 15:00:00' }, end: { utc: '2027-03-02 17:00:00' } },
      },
      contacts: { results: [{ role: 'Location Contact', name: 'Ida Moss', phone: '+13125550142' }] },
    });
    expect(JSON.stringify(payload['contacts'])).not.toContain('mara@');
  });

  it('asks for nothing of a service task where there is none', () => {
    const { payload, problems } = mapped({});
    expect(problems).toEqual([]);
    expect(payload['contacts']).toMatchObject({ results: [{ name: 'Mara Quint', email: 'mara@quint-foods.example' }] });
    expect(payload['schedule']).toEqual({
      service_window: { mode: 'exact', start: { local: { date: '2026-02-04', time: '09:30:00' } } },
    });
  });
});
