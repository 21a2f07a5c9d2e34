import { reads, ticketContent } from '../../src/domain/ticket-content';

const PATHS = [
  'ticket.subject',
  'ticket.description',
  'ticket.status',
  'ticket.tags[0]',
  'ticket.requester.name',
  'ticket.custom_fields.cf_site_address',
  'ticket.custom_fields.cf_technician',
  'correlationId',
];
const TICKET = {
  ...{ id: 1, subject: 'Till', description: '<p>Till</p>', status: 2, tags: ['a'], requester_id: 5, requester: null },
  custom_fields: { cf_site_address: '1 Mill Road', cf_technician: null, cf_other: 'x' },
};
const content = (patch: object = {}, own: string[] = [], paths = PATHS): string =>
  ticketContent(paths, { ...TICKET, ...patch }, own);
const withFields = (patch: object) => ({ custom_fields: { ...TICKET.custom_fields, ...patch } });

test.each([
  ['the subject', { subject: 'Tills' }],
  ['another requester', { requester_id: 6 }],
  ['a mapped field', withFields({ cf_site_address: '2 Mill Road' })],
])('%s is a change', (_, patch) => {
  expect(content(patch)).not.toBe(content());
});

test.each([
  ['status and tags, which the sight tells', { status: 3, tags: ['a', 'b'] }],
  ['the time of the last change', { updated_at: '2027-03-02T15:00:00Z' }],
  ['the embeds of a dearer look', { requester: { id: 5, name: 'Ann' } }],
  ['a field that the mapping does not read', withFields({ cf_other: 'y' })],
  ['an attribute that the mapping does not read', { priority: 4 }],
])('%s are no change', (_, patch) => {
  expect(content(patch)).toBe(content());
});

test('a field that Deskbridge writes is no change, even when the mapping reads it', () => {
  const own = ['cf_technician'];
  expect(content(withFields({ cf_technician: 'Lee' }), own)).toBe(content({}, own));
});

test('a field named by its label stands for all fields, since only the account knows which it is', () => {
  const paths = ['ticket.custom_fields."Site address"'];
  expect(content(withFields({ cf_other: 'y' }), [], paths)).not.toBe(content({}, [], paths));
});

test('a picture whose address is signed anew at every read is no change', () => {
  const picture = (token: string) => ({ description: `<img src="https://files.example/1.png?token=${token}">` });
  expect(content(picture('a'))).toBe(content(picture('b')));
});

test.each([
  ['ticket.priority_label', { priority: 4 }],
  ['ticket.agent_label', { responder_id: 7 }],
])('%s changes with its number', (path, patch) => {
  expect(content(patch, [], [path])).not.toBe(content({}, [], [path]));
});

test('the word of the status is read from the status', () => {
  expect(reads(['ticket.status_label'], 'status')).toBe(true);
  expect(content({ status: 3 }, [], ['ticket.status_label'])).toBe(content({}, [], ['ticket.status_label']));
});

test('knows which attributes the mapping reads', () => {
  expect(['status', 'tags', 'priority'].map((name) => reads(PATHS, name))).toEqual([true, true, false]);
});
