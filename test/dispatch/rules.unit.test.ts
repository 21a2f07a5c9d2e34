import {
  comparable,
  isClosedStatus,
  linkOf,
  matchingTags,
  NO_LABELS,
  sightOf,
  numberOf,
  triggerStatuses,
} from '../../activities/rules';
import { ticketSchema } from '../../src/clients/freshdesk/schemas';
import { parseConfig } from '../../src/config/load';

const STATUSES = new Map([
  ['open', 2],
  ['resolved', 4],
  ['field service required', 8],
]);
const configOf = (rule: object) => parseConfig(JSON.stringify({ dispatch: rule }), 'test.yaml');
const { dispatch } = configOf({});
const ticket = (patch: object = {}) => ticketSchema.parse({ id: 4711, status: 2, ...patch });

describe('the rules of the config', () => {
  it('finds a status by label without case, by number and by number as text', () => {
    expect(numberOf(' Field SERVICE Required ', STATUSES)).toBe(8);
    expect(numberOf(9000, STATUSES)).toBe(9000);
    expect(numberOf('9000', STATUSES)).toBe(9000);
    expect(numberOf('Postponed', STATUSES)).toBeNull();
    expect(numberOf(' ', STATUSES)).toBeNull();
  });

  it('takes digits for a label where the account has such a label, for statuses as for groups', () => {
    const labels = new Map([['911', 12]]);
    expect([numberOf('911', labels), numberOf(911, labels), numberOf('912', labels)]).toEqual([12, 911, 912]);
  });

  it('tells the trigger statuses that the account does not know', () => {
    const when = { statuses: ['Open', 'Nowhere', 8] };
    expect(triggerStatuses(when, STATUSES)).toEqual({ numbers: [2, 8], unknown: ['Nowhere'] });
  });

  it('compares tags without case and blanks', () => {
    expect(comparable([' On-Site', 'VIP '])).toEqual(['on-site', 'vip']);
    expect(matchingTags({ tags: ['ON-SITE'] }, ['On-Site', 'on-site-later'])).toEqual(['on-site']);
  });

  it('takes 4 and 5 alone for closed', () => {
    expect([2, 3, 4, 5, 6, 7, 8, 9000].filter(isClosedStatus)).toEqual([4, 5]);
  });

  it.each([
    ['901234', '901234'],
    [901234, '901234'],
    [' WO-1 ', 'WO-1'],
    ['', null],
    [' ', null],
    [0, null],
    ['0', null],
    [null, null],
    [true, null],
    [['7'], null],
  ])('reads the link %j as %j', (value, link) => {
    expect(linkOf(ticket({ custom_fields: { cf_work_order_id: value } }), 'cf_work_order_id')).toBe(link);
  });

  it('reads no link without a link field', () => {
    expect(linkOf(ticket({ custom_fields: { cf_work_order_id: '7' } }), null)).toBeNull();
  });

  it('sees the ticket as the rule sees it', () => {
    const seen = sightOf(
      ticket({ status: 8, tags: ['On-Site', 'vip'], custom_fields: { cf_work_order_id: '7' } }),
      dispatch,
      [8],
    );
    expect(seen).toEqual({
      ...{ status: 8, tags: ['on-site', 'vip'], gone: null, closed: false },
      ...{ statusMatches: true, matchingTags: ['on-site'], values: [], barred: null, link: '7' },
    });
  });

  it.each<[string, object, object, string[]]>([
    ['a priority by label', { priorities: ['Urgent', 'High'] }, { priority: 4 }, ['priority']],
    ['a priority by number', { priorities: [4] }, { priority: 4 }, ['priority']],
    ['no other priority', { priorities: ['Urgent'] }, { priority: 1 }, []],
    ['no unknown priority', { priorities: ['Dire'] }, { priority: null }, []],
    ['a type, whatever its case', { types: ['field visit'] }, { type: 'Field Visit' }, ['type']],
    ['a checkbox', { fields: { cf_visit: [true] } }, { custom_fields: { cf_visit: true } }, ['cf_visit']],
    ['a choice', { fields: { cf_visit: ['Yes', 1] } }, { custom_fields: { cf_visit: ' yes ' } }, ['cf_visit']],
    [
      'one of several choices',
      { fields: { cf_visit: ['b'] } },
      { custom_fields: { cf_visit: ['a', 'B'] } },
      ['cf_visit'],
    ],
    ['no empty field', { fields: { cf_visit: ['null', false] } }, { custom_fields: { cf_visit: null } }, []],
  ])('sees %s', (_, when, patch, matching) => {
    const rule = configOf({ when }).dispatch;
    const { values } = sightOf(ticket(patch), rule, []);
    expect(values.filter(({ matches }) => matches).map(({ key }) => key)).toEqual(matching);
  });

  it.each<[string, object, object, string | null]>([
    ['nothing named', {}, {}, null],
    ['its group by label', { groups: ['Field Service'] }, { group_id: 7 }, null],
    [
      'another group',
      { groups: ['Field Service', 9] },
      { group_id: 8 },
      'its group is not in dispatch.only.groups (Field Service, 9)',
    ],
    ['no group', { groups: [7] }, { group_id: null }, 'its group is not in dispatch.only.groups (7)'],
    ['its type', { types: ['incident'] }, { type: 'Incident' }, null],
    ['another type', { types: ['Incident'] }, { type: null }, 'its type is not in dispatch.only.types (Incident)'],
    ['its company by name', { companies: ['Quint Foods'] }, { company_id: 3 }, null],
    ['its company by number', { companies: ['3'] }, { company_id: 3 }, null],
    [
      'another company',
      { companies: ['Acme'] },
      { company_id: 3 },
      'its company is not in dispatch.only.companies (Acme)',
    ],
    ['its product', { products: ['Tills'] }, { product_id: 5 }, null],
    [
      'one of two that must hold',
      { groups: [7], types: ['Incident'] },
      { group_id: 7 },
      'its type is not in dispatch.only.types (Incident)',
    ],
  ])('dispatch.only with %s', (_, only, patch, why) => {
    const labels = {
      ...NO_LABELS,
      ...{ groups: new Map([['field service', 7]]), products: new Map([['tills', 5]]), company: 'Quint Foods' },
    };
    const rule = configOf({ only }).dispatch;
    expect(sightOf(ticket(patch), rule, [], labels).barred).toBe(why);
  });

  it.each([
    [{ deleted: true, spam: true }, 'deleted'],
    [{ spam: true }, 'spam'],
    [{}, null],
  ])('sees %j as gone: %j', (patch, gone) => {
    expect(sightOf(ticket(patch), dispatch, []).gone).toBe(gone);
  });
});
