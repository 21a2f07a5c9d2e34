/** Whatever is killed and whenever: the next start goes on, with one work order and one private note. */
import { allEnd, buildOnce, openDesk, ticketForTheField, type Desk } from '../helpers/process';
import { until } from '../helpers/until';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

it('goes on after kill -9 of everything between "work order created" and "work done"', async () => {
  const first = await desk.start();
  const ticket = await ticketForTheField(desk);
  const { workOrderId } = await desk.view(first.url, ticket, 'a work order', (v) => v.state === 'dispatched');
  const server = desk.engine();
  process.kill(server.pid, 'SIGKILL');
  first.run.killGroup('SIGKILL');
  await allEnd(first.run.pid, server.pid);

  await desk.start();
  await desk.finish(ticket, workOrderId ?? 0);
  expect(await desk.counts(ticket)).toEqual({ status: 4, orders: 1, privateNotes: 1 });
});

it('adopts the Temporal server of a killed process, and ends it by SIGTERM while a create is under way', async () => {
  const first = await desk.start();
  const { pid } = desk.engine();
  first.run.kill('SIGKILL');
  await first.run.ended;

  const second = await desk.start();
  expect(desk.engine().pid).toBe(pid);
  expect(second.run.err()).toMatch(/Using the Temporal server that already runs/);

  await desk.sandbox('POST', '/faults', {
    system: 'field-nation',
    path: 'createWorkOrder',
    kind: 'slow',
    delayMs: 1500,
  });
  const ticket = await ticketForTheField(desk);
  await until('a create under way', async () => {
    const [fault] = await desk.sandbox<{ hits: number }[]>('GET', '/faults');
    return (fault?.hits ?? 0) > 0;
  });
  second.run.kill('SIGTERM');
  await Promise.all([second.run.ended, allEnd(second.run.pid, pid)]);
  expect(await second.run.ended).toBe(0);

  const third = await desk.start();
  const { workOrderId } = await desk.view(third.url, ticket, 'a work order', (v) => v.state === 'dispatched');
  await desk.finish(ticket, workOrderId ?? 0);
  expect(await desk.counts(ticket)).toEqual({ status: 4, orders: 1, privateNotes: 1 });
});
