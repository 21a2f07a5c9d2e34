import type { HistoryEntry, Sandbox, SandboxOptions } from '../../sandbox';
import { freshdesk, start } from './helpers';

let sandbox: Sandbox;
const begin = async (watch?: SandboxOptions['watch']): Promise<Sandbox> =>
  (sandbox = await start(watch ? { watch } : {}));
afterEach(() => sandbox.stop());

const priority = (): unknown => sandbox.control.ticket(1)['priority'];
const raise = () => freshdesk(sandbox, 'PUT', '/tickets/1', { priority: 4 });

it('asks its watcher before and after the effect of each request', async () => {
  const seen: unknown[] = [];
  await begin(({ route }: HistoryEntry, moment) => {
    seen.push([route, moment, priority()]);
    return 'go';
  });
  expect((await raise()).status).toBe(200);
  expect(seen).toEqual([
    ['PUT /tickets/:id', 'arrived', 3],
    ['PUT /tickets/:id', 'done', 4],
  ]);
});

it('cuts the connection before or after the effect when its watcher says so', async () => {
  let cutAt = 'arrived';
  await begin((_, moment) => (moment === cutAt ? 'cut' : 'go'));
  await expect(raise()).rejects.toThrow();
  expect(priority()).toBe(3);
  cutAt = 'done';
  await expect(raise()).rejects.toThrow();
  expect(priority()).toBe(4);
});

it('plays a call that hangs without effect, and one whose effect comes long before its answer', async () => {
  await begin();
  const faults = { system: 'freshdesk', times: 1, delayMs: 80 } as const;
  sandbox.control.addFault({ ...faults, kind: 'hang' });
  await expect(raise()).rejects.toThrow();
  expect(priority()).toBe(3);
  sandbox.control.addFault({ ...faults, kind: 'late-answer' });
  const started = Date.now();
  const answered = raise().then(({ status }) => [status, Date.now() - started >= 75]);
  const effect = (async () => {
    while (priority() !== 4) await new Promise((resolve) => setImmediate(resolve));
    return 'effect';
  })();
  expect(await Promise.race([answered, effect])).toBe('effect');
  expect(await answered).toEqual([200, true]);
});
