/** A cancel that Field Nation answered with 404, given again: the visit ends by a person's word, on every surface that says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, settingsOf } from '../helpers/cli';
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));
const dataDir = mkdtempSync(join(tmpdir(), 'deskbridge-word-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A ticket whose order Field Nation does not show any more. */
async function doubted(): Promise<number> {
  const { id } = await desk.inTheField();
  stack.sandbox.control.addFault({ system: 'field-nation', method: 'DELETE', kind: 'status', status: 404, times: 1 });
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the doubt', (v) => v.attention?.reason === 'not-found');
  return id;
}

/** It ended, nobody asked Field Nation again, and the timeline says by whose word. */
async function endedByWord(id: number, words: string): Promise<void> {
  const { timeline } = await stack.view(id, 'the end', (v) => v.state === 'cancelled' && v.attention === null);
  expect(timeline).toContainEqual(expect.objectContaining({ what: 'Cancelled by a person’s word', detail: words }));
  expect(timeline.map(({ what }) => what)).not.toContain('Cancelled in Field Nation');
}

const postTo = (path: string, type: string, body: string): Promise<Response> =>
  fetch(`${stack.webUrl}${path}`, {
    ...{ method: 'POST', redirect: 'manual', body },
    headers: { 'content-type': type, origin: stack.webUrl },
  });

test('by the page, which says before and after whose word it is', async () => {
  const id = await doubted();
  const page = async (path: string): Promise<string> => (await fetch(`${stack.webUrl}${path}`)).text();
  const asked = await page(`/dispatches/${id}/cancel`);
  expect(asked).toMatch(/does not show work order \d+\. The visit ends as cancelled by your word/);
  const form = 'application/x-www-form-urlencoded';
  const answer = await postTo(
    `/dispatches/${id}/cancel`,
    form,
    `reason=It+is+gone&${/name="(word)" value="(yes)"/.exec(asked)?.slice(1).join('=')}`,
  );
  expect(await page(answer.headers.get('location') ?? '')).toContain('ends as cancelled by your word');
  await endedByWord(id, 'It is gone');
});

test('by the API, with the name of who said it', async () => {
  const id = await doubted();
  const body = JSON.stringify({ reason: 'It is gone', by: 'ann' });
  expect((await postTo(`/api/dispatches/${id}/cancel`, 'application/json', body)).status).toBe(202);
  await endedByWord(id, 'It is gone (ann)');
});

test('by the command line', async () => {
  const id = await doubted();
  const run = await runCli(['cancel', String(id), '--reason', 'It is gone'], settingsOf(stack, dataDir));
  expect(run).toMatchObject({ code: 0, err: '' });
  expect(run.out).toMatch(/ends as cancelled by your word: Field Nation does not show its work order/);
  await endedByWord(id, 'It is gone');
});
