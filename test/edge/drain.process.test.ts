/** A stop under load, as every deploy is one: nobody is cut off, and what was accepted is there at the next start. */
import { Pool } from 'undici';
import { ANSWER_WITHIN_MS } from '../../src/http/in-time';
import { allEnd, buildOnce, openDesk, type Desk } from '../helpers/process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../helpers/until';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

const SENDERS = 10;
/** Nothing was sent: the sender tries elsewhere, or later. */
const NEVER_SENT = ['ECONNREFUSED'];

it('ends within 25 s of SIGTERM under load, cuts no request off, and loses none that it accepted', async () => {
  const { run, url } = await desk.start();
  const { pid } = desk.engine();
  const secret = (JSON.parse(readFileSync(join(desk.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>)
    .freshdeskWebhookSecret;
  const pool = new Pool(url, { connections: SENDERS, pipelining: 1 });
  const accepted: number[] = [];
  const answers: Record<string, number> = {};
  let ticket = 1000;
  let isStopping = false;
  let isOver = false;
  const count = (what: string): void => void (answers[what] = (answers[what] ?? 0) + 1);
  const sender = async (): Promise<void> => {
    while (!isOver) {
      const id = ++ticket;
      const began = Date.now();
      try {
        const { statusCode, body } = await pool.request({
          ...{ method: 'POST', path: '/webhooks/freshdesk', body: JSON.stringify({ ticket_id: id }) },
          headers: { 'content-type': 'application/json', 'x-webhook-secret': secret ?? '' },
        });
        await body.dump();
        if (statusCode === 503 && (!isStopping || Date.now() - began >= ANSWER_WITHIN_MS)) {
          // Not stored in time: its sender comes again.
          await new Promise((resolve) => setTimeout(resolve, 200));
          continue;
        }
        count(String(statusCode));
        if (statusCode === 202) accepted.push(id);
        else return;
      } catch (error) {
        const code = String((error as NodeJS.ErrnoException).code);
        count(code);
        return;
      }
    }
  };
  const senders = Array.from({ length: SENDERS }, sender);
  await until(
    '50 to be accepted',
    () => accepted.length >= 50,
    () => JSON.stringify(answers),
  );
  const askedAt = Date.now();
  isStopping = true;
  run.kill('SIGTERM');
  await Promise.all([run.ended, allEnd(run.pid, pid)]);
  expect(Date.now() - askedAt).toBeLessThan(25_000);
  expect(await run.ended).toBe(0);
  isOver = true;
  await Promise.all(senders);
  await pool.destroy();
  process.stderr.write(`Stopped after ${Date.now() - askedAt} ms; answers ${JSON.stringify(answers)}\n`);
  expect(Object.keys(answers).filter((what) => what !== '202' && !NEVER_SENT.includes(what))).toEqual([]);

  const again = await desk.start();
  const known = new Set<number>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await fetch(`${again.url}/api/dispatches?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    const { items, nextCursor } = (await page.json()) as { items: { ticketId: number }[]; nextCursor: string | null };
    for (const { ticketId } of items) known.add(ticketId);
    cursor = nextCursor;
  }
  expect(accepted.filter((id) => !known.has(id))).toEqual([]);
});
