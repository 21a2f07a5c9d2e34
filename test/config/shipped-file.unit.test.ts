import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../../src/config/json-schema';
import { loadConfigFile, parseConfig } from '../../src/config/load';

const FILE = join(__dirname, '../../config/deskbridge.yaml');
const text = readFileSync(FILE, 'utf8');

const splitOnce = (after: string): [string, string] => {
  const end = after.indexOf('\n\n');
  return [after.slice(0, end), after.slice(end + 2)];
};

describe('the shipped config file', () => {
  it('has no problems', async () => {
    await expect(loadConfigFile(FILE)).resolves.toBeDefined();
  });

  it.each([
    ['an empty file', ''],
    ['a file of comments', '# nothing yet\n'],
    ['a file with empty sections', 'dispatch:\n  when:\nalerts:\ncontacts: {}\n'],
  ])('equals the defaults of %s', (_, empty) => {
    expect(parseConfig(empty, 'empty.yaml')).toEqual(parseConfig(text, 'deskbridge.yaml'));
  });

  it('gives the values of the interface', () => {
    const { dispatch, contacts, alerts } = parseConfig(text, 'deskbridge.yaml');
    expect(dispatch).toEqual({
      when: { statuses: ['Field Service Required'], tags: ['on-site'], priorities: [], types: [], fields: {} },
      only: { groups: [], types: [], companies: [], products: [] },
      approval: { payAbove: 1000, ordersPerHour: 100 },
      afterCreate: 'publish',
      routeTo: null,
      routeFor: null,
      linkField: 'cf_work_order_id',
      correlationField: 129,
      attachments: true,
      notes: { toFieldNation: true, fromFieldNation: true, audience: 'staff' },
      onTicketClosed: { unassigned: 'cancel', assigned: 'ask' },
      onTicketMerged: 'ask',
      mergePhrases: ['merged into', 'merged with ticket'],
      earliestStart: 4 * 3_600_000,
      timeZone: null,
      startOfDay: null,
      onTriggerRemoved: 'keep',
      deliverables: false,
      sites: { summary: true, progressField: null },
      createPatience: 90_000,
      patience: 3_600_000,
    });
    expect(contacts).toMatchObject({ defaultRegion: 'GB', mergeWindow: 2000, unchangedWindow: 3_600_000 });
    expect(alerts).toEqual({
      attentionOlderThan: 3_600_000,
      webhookSilence: 86_400_000,
      unassignedBefore: 4 * 3_600_000,
      notArrivedAfter: 15 * 60_000,
      url: null,
      ticketNote: 'mapping',
    });
  });

  it.each([
    ['dispatch: { approval: { payAbove: null, ordersPerHour: null } }', { payAbove: null, ordersPerHour: null }],
    ['dispatch: { when: { fields: { cf_needs_visit: true } } }', { cf_needs_visit: [true] }],
    ['dispatch: { when: { fields: { cf_a: [true, "Yes", 3] } } }', { cf_a: [true, 'Yes', 3] }],
    ['dispatch: { timeZone: America/Chicago }', 'America/Chicago'],
    ['alerts: { notArrivedAfter: null }', 0],
  ])('takes %s', (file, value) => {
    const { dispatch, alerts } = parseConfig(file, 'c.yaml');
    expect([dispatch.approval, dispatch.when.fields, dispatch.timeZone, alerts.notArrivedAfter]).toContainEqual(value);
  });

  it('takes an effect for each piece of news that is no status', () => {
    const keys = ['requested', 'declined', 'schedule-changed', 'field-changed', 'task-completed', 'problem-resolved'];
    const { status } = parseConfig(`status:\n${keys.map((key) => `  ${key}: { note: x }\n`).join('')}`, 'c.yaml');
    expect(Object.keys(status)).toEqual(keys);
  });

  it('writes exactly one note and one status on the way to resolved', () => {
    const { status } = parseConfig(text, 'deskbridge.yaml');
    // `published` says nothing for a first visit; the others are no part of the usual way.
    expect(Object.keys(status).sort()).toEqual([
      ...['assignment-cancelled', 'at-risk', 'cancelled', 'delayed', 'problem-reported', 'published', 'work-done'],
    ]);
    expect(status['work-done']).toMatchObject({ ticketStatus: 'Resolved', addTags: [], removeTags: [], fields: {} });
  });

  it('stays valid with all its examples switched on', () => {
    const [before = '', after = ''] = text.split('  # Ready to switch on:\n');
    const [examples, rest] = splitOnce(after);
    const on = `${before}${examples.replaceAll(/^ {2}# /gm, '  ')}\n\n${rest}`;
    expect(parseConfig(on, 'deskbridge.yaml').status.assigned?.ticketStatus).toBe('Pending');
  });

  it('has a JSON Schema for editors', () => {
    const schema = configJsonSchema();
    expect(JSON.stringify(schema)).toContain('"afterCreate"');
    expect(JSON.stringify(schema)).toContain('Array Map');
  });
});
