/** To whom an order is routed, by a ticket's value. */
import { routeOf, type RouteSetting } from '../../src/domain/mapping';

const sources = (cf_provider: unknown) => ({
  ticket: { id: 4711, type: 'Incident', custom_fields: { cf_provider } },
  ...{ account: 'acme', correlationId: '', visit: 0 },
});
const BY_FIELD: RouteSetting = { from: 'ticket.custom_fields.cf_provider' };

it.each<[string, RouteSetting, unknown, number[] | 'publish']>([
  ['a fixed id', 55021, null, [55021]],
  ['fixed ids, each once', [55021, 55034, 55021], null, [55021, 55034]],
  ['a number in a field', BY_FIELD, 55021, [55021]],
  ['text in a field', BY_FIELD, ' 55021 ', [55021]],
  ['several in a field', BY_FIELD, '55021, 55034;55058', [55021, 55034, 55058]],
  ['a mapped list', { ...BY_FIELD, map: { South: [55034, 55058] } }, 'south', [55034, 55058]],
  ['the marketplace', { ...BY_FIELD, map: { South: 1 }, default: 'publish' }, 'West', 'publish'],
])('takes %s', (_, setting, value, route) => expect(routeOf(setting, sources(value))).toEqual(route));

it.each<[string, RouteSetting, unknown, string]>([
  ['nothing', BY_FIELD, '', 'names no provider'],
  ['a name', BY_FIELD, 'Lee Park', 'not a Field Nation provider id'],
  ['zero', BY_FIELD, 0, 'not a Field Nation provider id'],
  ['a number that is none', BY_FIELD, 1.5, 'not a Field Nation provider id'],
  ['one good and one bad', BY_FIELD, '55021, x', 'not a Field Nation provider id'],
  ['an unmatched value', { ...BY_FIELD, map: { South: 1 } }, 'West', 'not in the map'],
])('routes to nobody by %s', (_, setting, value, message) => {
  const problem = routeOf(setting, sources(value));
  expect(problem).toMatchObject({ target: 'dispatch.routeTo', message: expect.stringContaining(message) as string });
});
