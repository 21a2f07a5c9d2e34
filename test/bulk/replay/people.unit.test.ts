/** A count that finds nothing wrong is worth nothing unless it can: each thing that must not be is there on purpose. */
import { faultsOfPeople, LOT_EVERY, METHOD, personOf, type Contact, type Lot } from './people';

const people = Array.from({ length: LOT_EVERY }, (_, nth) => personOf(nth));
const of = (lot: Lot) => people.filter((person) => person.lot === lot).slice(0, 1);
const contact = (lot: Lot, more: Contact = {}): Contact => ({
  ...{ name: `Person ${of(lot)[0]?.nth}`, job_title: 'Title 1', tags: ['marketing-consent'] },
  ...{ custom_fields: { signup_method: METHOD }, ...more },
});

it.each<[string, Lot, Contact[], RegExp[]]>([
  ['nothing where all is right', 'plain', [contact('plain')], []],
  ['nothing of a person who has a newer event', 'newer', [contact('newer', { job_title: 'Title 2' })], []],
  [
    'nothing of one who was made before the no',
    'withdrawn-meanwhile',
    [contact('withdrawn-meanwhile', { tags: [] })],
    [],
  ],
  ['nothing of one who was never made', 'withdrawn', [], []],
  ['a person without a contact', 'plain', [], [/has no contact/]],
  ['a person with two', 'plain', [contact('plain'), contact('plain')], [/has 2 contacts/]],
  ['an older event over a newer one', 'newer-meanwhile', [contact('newer-meanwhile')], [/Title 1 instead of Title 2/]],
  ['a late event over the one that was sent again', 'late', [contact('late', { job_title: 'Title 0' })], [/Title 0/]],
  ['a contact against a no', 'withdrawn-by-email', [contact('withdrawn-by-email')], [/was withdrawn before/]],
  ['a tag against a no', 'withdrawn-meanwhile', [contact('withdrawn-meanwhile')], [/has the tag of consent/]],
  ['a field that was lost', 'twice', [contact('twice', { job_title: 'Title 2', custom_fields: {} })], [/mapped field/]],
])('finds %s', (_, lot, contacts, found) => {
  expect(faultsOfPeople(of(lot), contacts)).toEqual(found.map((text) => expect.stringMatching(text) as string));
});
