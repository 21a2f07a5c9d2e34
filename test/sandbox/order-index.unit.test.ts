import { Collection } from '../../sandbox/store';
import type { Sandbox } from '../../sandbox';
import { completeOrder, fieldNation, start, token, type Json } from './helpers';

let sandbox: Sandbox;
let key: string;
const ids: number[] = [];
const ORDERS = 30;

/** Visits of three tickets, one of whose numbers begins like another one's; every fifth is published, every seventh deleted. */
beforeAll(async () => {
  sandbox = await start();
  key = await token(sandbox);
  for (let i = 1; i <= ORDERS; i++) {
    const marker = `FD-acme-${[4711, 47, 471][i % 3]}-${Math.ceil(i / 3)}`;
    const order = { ...completeOrder(`Visit ${i}`), description: { html: `<p>x</p><p>Deskbridge ${marker}</p>` } };
    const { id } = (await fieldNation(sandbox, key, 'POST', '/workorders', { ...order, custom_fields: undefined }))
      .json;
    ids.push(Number(id));
    if (i % 5 === 0) await fieldNation(sandbox, key, 'POST', `/workorders/${id}/publish`);
    if (i % 7 === 0) await fieldNation(sandbox, key, 'DELETE', `/workorders/${id}?cancel_reason=x`);
    if (i !== ORDERS / 2) continue;
    sandbox.control.advanceClock(48 * 3_600_000);
    key = await token(sandbox);
  }
}, 60_000);
afterAll(() => sandbox.stop());

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const found = async (query: string): Promise<{ total: number; ids: number[] }> => {
  const { json } = await fieldNation(sandbox, key, 'GET', `/workorders?view=model&sticky=false&${query}`);
  return { total: json.metadata.total, ids: json.results.map(({ id }: Json) => Number(id)) };
};
/** With a lag, however small, the list walks over all orders. */
const walked = async (query: string): ReturnType<typeof found> => {
  sandbox.control.setKnobs({ fieldNation: { searchLagMs: 0.001 } });
  try {
    return await found(query);
  } finally {
    sandbox.control.resetKnobs();
  }
};

const PRODUCT = [
  'list=workorders_all&f_search=FD-acme-4711-1&sort=created_date&order=desc&page=1&per_page=25',
  'list=workorders_all&f_search=FD-acme-47-1&sort=created_date&order=desc&page=1&per_page=25',
  `list=workorders_all&f_created_date=${day(0)},${day(1)}&f_created=${day(0)},${day(1)}&sort=created_date&order=desc&page=1&per_page=10`,
  `list=workorders_all&f_created_date=${day(1)},${day(3)}&f_created=${day(1)},${day(3)}&sort=created_date&order=desc&page=2&per_page=5`,
  'list=workorders_draft&sort=created_date&order=desc&page=1&per_page=10',
  'list=workorders_draft&sort=created_date&order=desc&page=3&per_page=10',
  'list=workorders_all&sort=created_date&order=asc&page=2&per_page=7',
  'list=workorders_all&f_work_order_id=901234,901240,901247,5&sort=created_date&order=desc&page=1&per_page=100',
];

test.each(PRODUCT)('the index finds what a walk over all orders finds, search %#', async (query) => {
  const byIndex = await found(query);
  expect(byIndex).toEqual(await walked(query));
  expect(byIndex.total).toBeGreaterThan(0);
});

test('another text is found by a walk over all orders', async () => {
  expect((await found('list=workorders_all&f_search=visit%2030')).ids).toEqual([ids.at(-1)]);
});

test('the searches of a dispatch walk over nothing, however many orders there are', async () => {
  const all = jest.spyOn(Collection.prototype, 'all');
  try {
    for (const query of PRODUCT) await found(query);
    expect(all).not.toHaveBeenCalled();
  } finally {
    all.mockRestore();
  }
});
