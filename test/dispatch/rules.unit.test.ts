import {
  comparable,
  isClosedStatus,
  linkOf,
  matchingTags,
  sightOf,
  statusNumber,
  triggerStatuses,
} from '../../activities/rules';
import { ticketSchema } from '../../src/clients/freshdesk/schemas';
import { parseConfig } from '../../src/config/load';

const STATUSES = new Map([
  ['open', 2],
  ['resolved', 4],
  ['field service required', 8],
]);
const { dispatch } = parseConfig('', 'test.yaml');
const ticket = (patch: object = {}) => ticketSchema.parse({ id: 4711, status: 2, ...patch });

describe('the rules of the config', () => {
  it('finds a status by label without case, by number and by number as text', () => {
    expect(statusNumber(' Field SERVICE Required ', STATUSES)).toBe(8);
    expect(statusNumber(9000, STATUSES)).toBe(9000);
    expect(statusNumber('9000', STATUSES)).toBe(9000);
    expect(statusNumber('Postponed', STATUSES)).toBeNull();
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
      ...{ statusMatches: true, matchingTags: ['on-site'], link: '7' },
    });
  });

  it.each([
    [{ deleted: true, spam: true }, 'deleted'],
    [{ spam: true }, 'spam'],
    [{}, null],
  ])('sees %j as gone: %j', (patch, gone) => {
    expect(sightOf(ticket(patch), dispatch, []).gone).toBe(gone);
  });
});
