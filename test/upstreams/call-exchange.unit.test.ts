/** What operators are shown of a failed call: enough to see what was wrong, nothing that people wrote. */
import { exchangeOf } from '../../src/clients/call-exchange';
import { createRedactor } from '../../src/clients/redact';
import type { HttpRequest } from '../../src/clients/http-types';

const SECRET = 'token-of-the-test';
const { redact } = createRedactor([SECRET]);
const request: HttpRequest = {
  ...{ method: 'POST', prefix: '/api/rest/v2', path: '/workorders/{id}', params: { id: 901 } },
  query: { access_token: SECRET, per_page: 100, list: 'workorders_all' },
  json: {
    title: 'Till of Mara Quint',
    types_of_work: [{ id: 62, isPrimary: true }],
    location: { mode: 'custom', address1: '12 Mill Road', zip: '45402', country: 'US' },
    schedule: { service_window: { start: { utc: '2027-03-02 15:00:00' } } },
    pay: { type: 'fixed', base: { amount: 120.5, units: 1 } },
    contacts: [{ name: 'Mara Quint', phone: 19375550142 }],
  },
};
const refusal = (body: string, status = 422) => exchangeOf(request, { status, body }, redact);

test('the request keeps fields, numbers, times and the words of the system', () => {
  const { request: sent } = refusal('{}');
  expect(sent).toMatch(/^POST \/api\/rest\/v2\/workorders\/901\?/);
  for (const kept of ['per_page=100', '"mode":"custom"', '"amount":120.5', '2027-03-02 15:00:00', '"address1":"***"'])
    expect(sent).toContain(kept);
  for (const masked of ['Mara', 'Mill', '45402', '19375550142', SECRET]) expect(sent).not.toContain(masked);
});

test('the answer keeps the words of the refusal, without what it repeats of people', () => {
  const { answer } = refusal(
    JSON.stringify({
      ...{ code: 'VALIDATION_ERROR', message: `mara@quint-foods.example is taken, ${SECRET}` },
      errors: [{ pointer: '/location/zip', detail: 'is not a ZIP code' }],
      contact: { name: 'Mara Quint' },
    }),
  );
  expect(answer).toMatch(/^422\n/);
  for (const kept of ['VALIDATION_ERROR', '/location/zip', 'is not a ZIP code']) expect(answer).toContain(kept);
  for (const masked of ['mara@', 'Mara', SECRET]) expect(answer).not.toContain(masked);
});

test('an answer that was no refusal shows no text at all', () => {
  const { answer } = refusal('{"id":5,"title":"Till of Mara Quint","message":"Call Mara"}', 200);
  expect(answer).toBe('200\n{"id":5,"title":"***","message":"***"}');
  expect(refusal('Mara Quint', 200).answer).toBe('200\n***');
});

test('a page of HTML is shown, no answer is told as none, and neither side is longer than 2,000 characters', () => {
  expect(refusal('<html>502 Bad Gateway</html>', 502).answer).toContain('Bad Gateway');
  expect(exchangeOf(request, null).answer).toBeNull();
  const long = { ...request, json: { pay: Array.from({ length: 3000 }, (_, i) => i) } };
  const { request: sent, answer } = exchangeOf(long, {
    status: 400,
    body: JSON.stringify({ message: 'x'.repeat(9000) }),
  });
  expect([sent.length, answer?.length]).toEqual([2000, 2000]);
  expect(sent.endsWith('…')).toBe(true);
});

test('an answer that is nested deeper than any record is cut', () => {
  const { answer } = refusal(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
  expect(answer).toMatch(/^422\n(\{"a":){12}"\*\*\*"\}{12}$/);
});

test('credentials in a form or body and files never show', () => {
  const form = exchangeOf({ method: 'POST', path: '/token', form: { password: 'hunter2hunter2' } }, null);
  expect(form.request).toBe('POST /token\n{"password":"***"}');
  const parts = [{ name: 'file', value: 'secret text' }] as unknown as NonNullable<HttpRequest['multipart']>;
  expect(exchangeOf({ method: 'POST', path: '/notes', multipart: parts }, null).request).toBe(
    'POST /notes\na form with 1 parts',
  );
});
