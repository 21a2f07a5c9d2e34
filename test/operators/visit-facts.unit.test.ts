/** What lists show of a visit, made of the ticket and its mapping. */
import { factsOf, technicianOf } from '../../src/domain/visit-facts';

const PAYLOAD = {
  location: { mode: 'custom', display_name: ' Shop 12 ', city: 'Springfield', address1: '1 Mill Road' },
  schedule: { service_window: { mode: 'exact', start: { utc: '2027-03-02 15:00:00' } } },
};

it('names subject, site, start and pay, and no more of the address than the city', () => {
  expect(factsOf('Printer', { payload: PAYLOAD, cost: 150 })).toEqual({
    ...{ subject: 'Printer', site: 'Shop 12, Springfield', start: '2027-03-02T15:00:00Z', pay: '150 USD' },
  });
});

it('keeps a time at the site without a zone', () => {
  const schedule = { service_window: { start: { local: { date: '2027-03-02', time: '09:00:00' } } } };
  expect(factsOf('Printer', { payload: { schedule }, cost: null })).toMatchObject({
    ...{ site: null, start: '2027-03-02 09:00:00', pay: null },
  });
});

it('says nothing of site, start and pay when the ticket was not mapped, so that what is known stays', () => {
  expect(factsOf('x'.repeat(500))).toEqual({ subject: 'x'.repeat(120) });
});

it.each([
  [{ first_name: 'Ann', last_name: 'Lee' }, 'Ann Lee'],
  [{ first_name: '', last_name: '' }, null],
  [null, null],
])('%j is the technician %s', (provider, name) => {
  expect(technicianOf(provider)).toBe(name);
});
