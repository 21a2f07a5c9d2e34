/** `POST /api/mapping/preview` at the edge: who may ask, and what is said when there is no answer. */
import { PreviewLateError } from '../../src/temporal/previews';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { problemOf, serveApp, type AppServer } from '../edge/app-server';

const JSON_TYPE = { 'content-type': 'application/json' };
let app: AppServer;
const serve = async (...options: Parameters<typeof serveApp>): Promise<AppServer> => (app = await serveApp(...options));
afterEach(() => app.close());

const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  app.post('/api/mapping/preview', JSON.stringify(body), { ...JSON_TYPE, ...headers });

it('is for operators only', async () => {
  await serve({}, { adminToken: 'canary-admin-token' });
  expect((await ask({ ticket_id: 1 })).status).toBe(401);
  expect(app.calls).toEqual([]);
  await ask({ ticket_id: '17' }, { authorization: 'Bearer canary-admin-token' });
  expect(app.calls).toEqual([['ofTicket', 17]]);
});

it('hands a ticket on as the service reads it, and names what is wrong with one that is none', async () => {
  await serve();
  await ask({ ticket: { id: '12', status: '8', subject: '' } });
  expect(app.calls).toEqual([['ofGiven', expect.objectContaining({ id: 12, status: 8, subject: null, tags: [] })]]);
  const { status, detail } = await problemOf(await ask({ ticket: { id: 0 } }));
  expect([status, detail]).toEqual([400, 'ticket.id: no usable id; ticket.status: no number']);
});

it.each([
  ['waits for its turn', new PreviewLateError(), 'preview-late'],
  ['has no Temporal', new TemporalUnavailableError('away'), 'temporal-unavailable'],
])('answers 503 when it %s', async (_, error, code) => {
  await serve({ ofTicket: () => Promise.reject(error) });
  const answer = await ask({ ticket_id: 1 });
  expect(answer.headers.get('retry-after')).toBeTruthy();
  expect(await problemOf(answer)).toMatchObject({ status: 503, code });
});

it.each([
  ['NotFound', 404],
  ['Unauthorized', 502],
  ['UpstreamUnavailable', 503],
  [null, 503],
])('answers a refusal of type %s with %i and the remedy', async (type, status) => {
  await serve({ ofTicket: async () => ({ refusal: { type, detail: 'Freshdesk said no', remedy: 'Ask nicely.' } }) });
  expect(await problemOf(await ask({ ticket_id: 1 }))).toMatchObject({
    status,
    detail: 'Freshdesk said no. Ask nicely.',
  });
});
