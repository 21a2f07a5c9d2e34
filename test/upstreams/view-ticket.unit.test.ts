/** What reading a ticket costs: its company is paid for once in ten minutes, whatever Freshdesk lets the key see. */
import { Companies } from '../../activities/companies';
import { viewTicket } from '../../activities/view-ticket';
import type { TicketInclude } from '../../src/clients/freshdesk';
import type { Ticket } from '../../src/clients/freshdesk/schemas';
import { UpstreamError } from '../../src/clients/upstream-error';

const signal = new AbortController().signal;
const forbidden = (): UpstreamError =>
  new UpstreamError({
    ...{ system: 'freshdesk', phase: 'answered', status: 403, call: 'GET /companies/{id}', message: 'no' },
    ...{ code: null, retryAfterMs: null, requestId: null },
  });

function begin({ refuses = false } = {}) {
  const calls: string[] = [];
  const world = { now: 0, name: 'Quint Foods' };
  const freshdesk = {
    viewTicket: (id: number, options: { include?: readonly TicketInclude[] } = {}) => {
      const include = options.include ?? [];
      calls.push(`ticket ${id} ${include.join(',')}`.trim());
      const company_id = id === 9 ? null : 3;
      const company = include.includes('company') && company_id !== null ? { id: 3, name: world.name } : undefined;
      return Promise.resolve({ id, company_id, ...(company && { company }) } as unknown as Ticket);
    },
    viewCompany: (id: number) => {
      calls.push(`company ${id}`);
      return refuses ? Promise.reject(forbidden()) : Promise.resolve({ id, name: world.name } as never);
    },
  };
  const companies = new Companies(freshdesk, () => world.now);
  const read = async (id: number, include: TicketInclude[] = ['requester', 'company']) => {
    calls.length = 0;
    const ticket = await viewTicket({ freshdesk, directory: { companies } }, id, include, signal);
    return { company: ticket.company?.name, calls: [...calls] };
  };
  return { world, companies, read };
}

test('the first ticket brings its company along, the next ones find it kept', async () => {
  const { read } = begin();
  expect(await read(1)).toEqual({ company: 'Quint Foods', calls: ['ticket 1 requester,company'] });
  expect(await read(2)).toEqual({ company: 'Quint Foods', calls: ['ticket 2 requester'] });
});

test('after ten minutes it is read again, and so it is after a problem', async () => {
  const { world, companies, read } = begin();
  await read(1);
  world.name = 'Quint & Sons';
  world.now += 10 * 60_000;
  expect(await read(2)).toEqual({ company: 'Quint & Sons', calls: ['ticket 2 requester', 'company 3'] });
  companies.forget();
  expect((await read(3)).calls).toEqual(['ticket 3 requester,company']);
});

test('a key that may not see companies gets them with the ticket, and asks for them no more', async () => {
  const { world, read } = begin({ refuses: true });
  await read(1);
  world.now += 10 * 60_000;
  expect(await read(2)).toEqual({
    company: 'Quint Foods',
    calls: ['ticket 2 requester', 'company 3', 'ticket 2 requester,company'],
  });
  expect((await read(3)).calls).toEqual(['ticket 3 requester,company']);
});

test('a ticket without a company, and one whose company nobody wants, cost nothing more', async () => {
  const { read } = begin();
  await read(1);
  expect(await read(9)).toEqual({ company: undefined, calls: ['ticket 9 requester'] });
  expect((await read(2, ['requester'])).calls).toEqual(['ticket 2 requester']);
});
