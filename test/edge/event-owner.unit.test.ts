/** Whose work order a webhook is about, and what that costs. */
import { carriesOf } from '../../src/domain/event-owner';
import { probeId } from '../../src/domain/probe';
import { serveApp } from './app-server';

const line = (id: string): object => ({ description: { html: `<p>Fix it</p><p>Deskbridge ${id}</p>` } });
const field = (value: string): object => ({ custom_fields: { results: [{ results: [{ id: 129, value }] }] } });

test.each([
  ['our line', line('FD-acme-1-1'), 'ours'],
  ['our custom field', field('FD-acme-1-1'), 'ours'],
  ['the draft of a probe of ours', line(probeId('acme', 1)), 'ours'],
  ['the line of another account', line('FD-acme-2-1-1'), 'none'],
  ['a description of somebody else', { description: { html: '<p>Lay cables</p>' } }, 'none'],
  ['custom fields without an id', field('blue'), 'none'],
  ['an empty list of custom fields', { custom_fields: [] }, 'none'],
  ['neither part', { status: { id: 3 } }, 'unknown'],
  ['parts that are empty text', { description: '', custom_fields: '' }, 'unknown'],
  ['an empty description', { description: { html: ' ' } }, 'unknown'],
])('a body with %s', (_, order, carries) => {
  expect(carriesOf({ workorder: { id: 7, ...order } }, 'acme')).toBe(carries);
});

test('a whole body of a foreign work order starts nothing and leaves a count and a line of log', async () => {
  const app = await serveApp();
  const body = { event: { name: 'workorder.status.assigned' }, workorder: { id: 7, ...field('blue') } };
  const answer = await app.fieldNation(body);
  expect([answer.status, await answer.json()]).toEqual([202, { taken: 'foreign' }]);
  expect(app.calls).toEqual([]);
  expect(await app.metrics.text()).toContain('deskbridge_foreign_events_total 1');
  expect(app.lines.join('')).toContain('field nation webhook of a foreign work order ignored');
  await app.close();
});
