import { createDirectory } from '../../activities/directory';
import type { Upstream } from '../../activities/upstream';
import type { FieldNationClient } from '../../src/clients/field-nation';
import type { FreshdeskClient } from '../../src/clients/freshdesk';
import { ticketFieldSchema } from '../../src/clients/freshdesk/fields';

const TEN_MINUTES = 600_000;
const { signal } = new AbortController();
const upstream: Upstream = (_system, call) => call(signal);

/** A directory over fields that the test gives, with a clock that it moves. */
function setUp(fields: object[], fail: Error | null = null) {
  let now = 0;
  let reads = 0;
  const freshdesk = {
    ticketFields: async () => {
      reads += 1;
      if (fail && reads === 1) throw fail;
      return fields.map((field, id) => ticketFieldSchema.parse({ id: id + 1, ...field }));
    },
  } as unknown as FreshdeskClient;
  const fieldNation = {
    customFieldDefinitions: async () => [
      { id: 129, name: ' Ticket ' },
      { id: 130, name: null },
    ],
  } as unknown as FieldNationClient;
  const directory = createDirectory({ freshdesk, fieldNation, upstream }, () => now);
  return { directory, reads: () => reads, pass: (ms: number) => void (now += ms) };
}

const STATUS = {
  name: 'status',
  type: 'default_status',
  choices: { 2: ['Offen', 'In Arbeit'], 8: ['Field Service', 'Offen'] },
};

describe('the directory of an account', () => {
  it('knows agent and customer labels; the agent label counts where both are used', async () => {
    const statuses = await setUp([STATUS]).directory.ticketStatuses(signal);
    expect([...statuses]).toEqual(
      expect.arrayContaining([
        ['offen', 2],
        ['in arbeit', 2],
        ['field service', 8],
      ]),
    );
    expect(statuses.has('open')).toBe(false);
  });

  it('knows the types of ticket fields and the ids of work-order fields by name', async () => {
    const { directory } = setUp([{ name: 'cf_work_order_id', type: 'custom_number' }]);
    expect((await directory.ticketFieldTypes(signal)).get('cf_work_order_id')).toBe('custom_number');
    expect([...(await directory.customFieldIds(signal))]).toEqual([['ticket', 129]]);
  });

  it('reads the fields once in ten minutes, and at once after it was told to forget', async () => {
    const { directory, reads, pass } = setUp([STATUS]);
    await directory.ticketStatuses(signal);
    pass(TEN_MINUTES);
    await directory.ticketFieldTypes(signal);
    expect(reads()).toBe(1);
    pass(1);
    await directory.ticketStatuses(signal);
    expect(reads()).toBe(2);
    directory.forget();
    await directory.ticketStatuses(signal);
    expect(reads()).toBe(3);
  });

  it('asks again after a failure', async () => {
    const { directory } = setUp([STATUS], new Error('away'));
    await expect(directory.ticketStatuses(signal)).rejects.toThrow('away');
    expect((await directory.ticketStatuses(signal)).get('field service')).toBe(8);
  });
});
