/** `npm start` and `npx deskbridge demo` as the README tells a new user, without settings and without a network. */
import { allEnd, buildOnce, openDesk, type Desk } from '../helpers/process';

/** npm must not even ask; a registry that cannot be reached shows when it does. */
const OFFLINE = {
  npm_config_offline: 'true',
  npm_config_registry: 'http://127.0.0.1:9',
  npm_config_update_notifier: 'false',
};

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

it('starts by npm, plays the demo by npx, ends by Ctrl-C, and goes on with the same dispatches', async () => {
  const service = desk.run('npm', ['start'], OFFLINE);
  const [, url = ''] = await service.says(/^Deskbridge is ready: (http:\/\/127\.0\.0\.1:\d+)$/m);
  expect(service.out()).toMatch(
    /Temporal UI: +http:\/\/127\.0\.0\.1:\d+\/temporal\nSandbox: +http:\/\/127\.0\.0\.1:\d+\nDeskbridge is ready: .*\n$/,
  );
  expect(service.err()).not.toMatch(/"level":"(warn|error)"/);

  const demo = desk.run('npx', ['deskbridge', 'demo', '--json'], OFFLINE);
  expect(await demo.ended).toBe(0);
  const played = JSON.parse(demo.out()) as {
    ticketId: number;
    workOrderId: number;
    contact: { outcome: string; userId: string };
  };
  expect(played.contact.outcome).toBe('created');
  expect(await desk.counts(played.ticketId)).toEqual({ status: 4, orders: 1, privateNotes: 1 });
  const told = desk.run('npx', ['deskbridge', 'demo'], OFFLINE);
  expect(await told.ended).toBe(0);
  expect(told.out()).toContain('Done: one work order, one private note, one contact.');

  const server = desk.engine();
  service.killGroup('SIGINT');
  await Promise.all([service.ended, allEnd(service.pid, server.pid)]);
  // Cut short by the second SIGINT, the one that npm passes on, it would leave the record for the next start to mend.
  expect(() => desk.engine()).toThrow('ENOENT');
  await expect(fetch(url)).rejects.toThrow();

  const began = Date.now();
  const again = await desk.start();
  process.stderr.write(`Second start: ready after ${Date.now() - began} ms\n`);
  const view = await desk.view(again.url, played.ticketId, 'the same dispatch', () => true);
  expect(view).toMatchObject({ workOrderId: played.workOrderId, state: 'work-done' });
});

it('ends every process when npm alone is told to end', async () => {
  const service = desk.run('npm', ['start'], OFFLINE);
  await service.says(/^Deskbridge is ready/m);
  const { pid } = desk.engine();
  service.kill('SIGTERM');
  await Promise.all([service.ended, allEnd(service.pid, pid)]);
  expect(() => desk.engine()).toThrow('ENOENT');
});
