import { parseConfig } from '../../src/config/load';
import { ConfigError, formatProblems } from '../../src/config/problems';
import type { ConfigProblem } from '../../src/config/problems';

const problemsOf = (text: string): readonly ConfigProblem[] => {
  try {
    parseConfig(text, 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

/** Mistake, the place it is found at, its key, and a part of the hint. */
const MISTAKES: [what: string, text: string, place: string, path: string, hint: string][] = [
  ['a misspelt choice', 'dispatch:\n  afterCreate: pubish', '2:16', 'dispatch.afterCreate', 'did you mean "publish"?'],
  ['an unknown section', 'dispach: {}', '1:1', 'dispach', 'did you mean "dispatch"?'],
  ['an unknown key', 'dispatch:\n  aftercreate: draft', '2:3', 'dispatch.aftercreate', 'did you mean "afterCreate"?'],
  ['a key nothing resembles', 'alerts: { colour: red }', '1:11', 'alerts.colour', 'known here: attentionOlderThan'],
  ['text for a truth', 'dispatch: { attachments: often }', '1:26', 'dispatch.attachments', 'true or false'],
  ['a number for a time', 'dispatch: { createPatience: 90 }', '1:29', 'dispatch.createPatience', 'such as 90s'],
  ['a time without a unit', 'alerts: { webhookSilence: "24" }', '1:27', 'alerts.webhookSilence', 'no webhook comes'],
  ['an endless time', 'contacts: { mergeWindow: 9999d }', '1:26', 'contacts.mergeWindow', '0s: off'],
  ['text for a list', 'dispatch: { when: { tags: on-site } }', '1:27', 'dispatch.when.tags', 'A list of'],
  [
    'an empty label',
    'dispatch: { when: { statuses: [""] } }',
    '1:32',
    'dispatch.when.statuses[0]',
    'labels or numbers',
  ],
  ['a status that is none', 'status: { workdone: {} }', '1:11', 'status.workdone', 'did you mean "work-done"?'],
  ['an unknown effect', 'status: { paid: { notes: x } }', '1:19', 'status.paid.notes', 'did you mean "note"?'],
  ['an object for a note', 'status: { paid: { note: {} } }', '1:19', 'status.paid.note', 'A private note'],
  ['an unknown source in a note', 'status: { paid: { note: "{{tickt.id}}" } }', '1:25', 'status.paid.note', '"ticket"'],
  [
    'a path that nothing ever fills',
    'status: { paid: { note: "{{#provider.name}}{{provider.phon}}{{/provider.name}}" } }',
    '1:25',
    'status.paid.note',
    'did you mean "provider.phone"?',
  ],
  [
    'the same in a field of the ticket',
    'status: { paid: { fields: { cf_x: "{{workOrder.closing_note}}" } } }',
    '1:35',
    'status.paid.fields.cf_x',
    'did you mean "workOrder.closingNotes"?',
  ],
  ['a placeholder left open', 'status: { paid: { note: "{{ticket.id" } }', '1:25', 'status.paid.note', '}}'],
  [
    'an optional part left open',
    'status: { paid: { note: "{{#ticket}}" } }',
    '1:25',
    'status.paid.note',
    '{{/ticket}}',
  ],
  [
    'a bad template in a field',
    'status: { paid: { fields: { cf_a: "{{x}}" } } }',
    '1:35',
    'status.paid.fields.cf_a',
    'ticket',
  ],
  ['an unknown target', 'workOrder: { titel: { static: x } }', '1:14', 'workOrder.titel', 'did you mean "title"?'],
  ['a target by its last name', 'workOrder: { city: { static: x } }', '1:14', 'workOrder.city', '"location.city"'],
  [
    'an unknown action',
    'workOrder: { title: { form: ticket.id } }',
    '1:23',
    'workOrder.title.form',
    'did you mean "from"?',
  ],
  ['an action without a source', 'workOrder:\n  title: { text: true }', '2:3', 'workOrder.title', 'exactly one of'],
  [
    'two sources',
    'workOrder: { title: { from: ticket.id, static: x } }',
    '1:40',
    'workOrder.title.static',
    'exactly one',
  ],
  ['a path for an action', 'workOrder: { title: ticket.subject }', '1:21', 'workOrder.title', 'An action'],
  ['an unknown source', 'workOrder: { title: { from: tikcet.id } }', '1:29', 'workOrder.title.from', '"ticket"'],
  [
    'a source of notes only',
    'workOrder: { title: { from: provider.name } }',
    '1:29',
    'workOrder.title.from',
    'one of ticket',
  ],
  [
    'a prototype path',
    'workOrder: { title: { from: ticket.__proto__.x } }',
    '1:29',
    'workOrder.title.from',
    'name a field',
  ],
  [
    'a constructor path',
    'workOrder: { title: { template: "{{ticket.constructor}}" } }',
    '1:33',
    'workOrder.title.template',
    'name',
  ],
  [
    'a template under from',
    'workOrder: { title: { from: "{{ticket.id}}" } }',
    '1:29',
    'workOrder.title.from',
    'under template',
  ],
  [
    'an unknown date form',
    'workOrder: { title: { from: ticket.id, date: isso } }',
    '1:46',
    'workOrder.title.date',
    'field-nation, iso or date',
  ],
  [
    'a wrong static choice',
    'workOrder: { pay.type: { static: fixd } }',
    '1:34',
    'workOrder["pay.type"].static',
    '"fixed"',
  ],
  [
    'text for an amount',
    'workOrder: { pay.base.amount: { static: much } }',
    '1:41',
    'workOrder["pay.base.amount"].static',
    'digits',
  ],
  [
    'two equal map keys',
    'workOrder: { title: { from: ticket.id, map: { A: 1, a: 2 } } }',
    '1:53',
    'workOrder.title.map.a',
    'keep one',
  ],
  [
    'a range upside down',
    'workOrder: { title: { from: ticket.id, range: [{ min: 5, below: 1, value: x }] } }',
    '1:65',
    'workOrder.title.range[0].below',
    'above min',
  ],
  [
    'a range without a value',
    'workOrder: { title: { from: ticket.id, range: [{ min: 5 }] } }',
    '1:48',
    'workOrder.title.range[0].value',
    'What the step',
  ],
  [
    'a region that is none',
    'workOrder: { title: { from: ticket.id, phone: UK } }',
    '1:47',
    'workOrder.title.phone',
    'GB',
  ],
  [
    'a cut to nothing',
    'workOrder: { title: { from: ticket.id, truncate: 0 } }',
    '1:50',
    'workOrder.title.truncate',
    'whole number',
  ],
  [
    'a lonely separator',
    'workOrder: { title: { from: ticket.id, separator: x } }',
    '1:40',
    'workOrder.title.separator',
    'concat',
  ],
  [
    'a bad inner path',
    'workOrder: { title: { concat: [ticket.id, nowhere.id] } }',
    '1:43',
    'workOrder.title.concat[1].from',
    'one of',
  ],
  [
    'a bad condition',
    'workOrder: { title: { when: { if: x.y, then: ticket.id } } }',
    '1:35',
    'workOrder.title.when.if',
    'one of',
  ],
  [
    'two lines for one target',
    'workOrder: { types_of_work: { static: [1] }, "types_of_work[0].id": { static: 1 } }',
    '1:46',
    'workOrder["types_of_work[0].id"]',
    'keep one',
  ],
  [
    'a custom field without a name',
    'workOrder: { "custom_fields.": { static: 1 } }',
    '1:14',
    'workOrder["custom_fields."]',
    'an id or a name',
  ],
  [
    'a region for contacts',
    'contacts: { defaultRegion: England }',
    '1:28',
    'contacts.defaultRegion',
    'two capital letters',
  ],
  [
    'an event action',
    'contacts: { events: { Paid: { action: insert } } }',
    '1:39',
    'contacts.events.Paid.action',
    '"upsert"',
  ],
  ['a consent path', 'contacts: { consent: [trait.ok] }', '1:23', 'contacts.consent[0]', 'did you mean "traits"?'],
  ['an open line', 'alerts: { url: "http://hooks.example.com/x" }', '1:16', 'alerts.url', 'Address'],
  ['an address that is none', 'alerts: { url: ftp://x }', '1:16', 'alerts.url', 'Address'],
  ['a route to nobody', 'dispatch: { afterCreate: route }', '1:26', 'dispatch.afterCreate', 'routeTo'],
  ['a route to a name', 'dispatch: { routeTo: Lee }', '1:22', 'dispatch.routeTo', 'a list of them'],
  [
    'a route by a path that nothing fills',
    'dispatch: { afterCreate: route, routeTo: { from: ticket.regin } }',
    '1:50',
    'dispatch.routeTo.from',
    'docs/mapping.md',
  ],
  [
    'a route by the work order, which is not there yet',
    'dispatch: { routeTo: { from: provider.id } }',
    '1:30',
    'dispatch.routeTo.from',
    'ticket, account',
  ],
  [
    'a value that is no provider',
    'dispatch: { routeTo: { from: ticket.type, map: { Incident: Lee } } }',
    '1:60',
    'dispatch.routeTo.map.Incident',
    'publish',
  ],
  ['a zone that is none', 'dispatch: { timeZone: Chicago }', '1:23', 'dispatch.timeZone', 'America/Chicago'],
  ['a time of day that is none', 'dispatch: { startOfDay: 9 am }', '1:25', 'dispatch.startOfDay', '"09:00"'],
  ['an unknown note rule', 'alerts: { ticketNote: true }', '1:23', 'alerts.ticketNote', 'write one of them'],
  [
    'a limit that is none',
    'dispatch: { approval: { payAbove: -1 } }',
    '1:35',
    'dispatch.approval.payAbove',
    'US dollars',
  ],
  ['a merge answer', 'dispatch: { onTicketMerged: cancel }', '1:29', 'dispatch.onTicketMerged', 'write one of them'],
  [
    'a list in a field rule',
    'dispatch: { when: { fields: { cf_a: {} } } }',
    '1:31',
    'dispatch.when.fields.cf_a',
    'cf_needs',
  ],
  [
    'a start in two forms',
    'workOrder:\n  schedule.service_window.start.utc: { from: ticket.due_by }\n  schedule.service_window.start.local.time: { static: "09:00" }',
    '3:3',
    'workOrder["schedule.service_window.start.local.time"]',
    'keep one form',
  ],
  ['a link field that is none', 'dispatch: { linkField: "a b" }', '1:24', 'dispatch.linkField', 'cf_work_order_id'],
  [
    'the field of the correlation id',
    'dispatch: { correlationField: Ref }\nworkOrder: { custom_fields.Ref: { static: x } }',
    '2:14',
    'workOrder["custom_fields.Ref"]',
    'take this line out',
  ],
  ['a list for the file', '- a\n- b', '1:1', '', 'docs/mapping.md'],
  ['a key twice', 'alerts: {}\nalerts: {}', '2:1', 'alerts', 'keep one'],
  [
    'a key twice in disguise',
    'contacts: { customFields: { 1: a.b, "1": c.d } }',
    '1:37',
    'contacts.customFields.1',
    'keep one',
  ],
  [
    'a prototype key',
    'contacts: { customFields: { __proto__: traits.x } }',
    '1:29',
    'contacts.customFields.__proto__',
    'another name',
  ],
  ['a constructor key', 'constructor: {}', '1:1', 'constructor', 'another name'],
  ['a list as a key', '? [a]\n: 1', '1:3', '', 'plain name'],
  ['a tab', 'dispatch:\n\tattachments: true', '2:1', '', 'blanks'],
  ['an open bracket', 'dispatch: { when: [', '1:20', '', 'brackets'],
  ['two documents', 'alerts: {}\n---\nalerts: {}', '2:1', '', 'one document'],
  ['an unknown tag', 'alerts: !!js/function x', '1:9', '', 'quotes'],
  ['a missing anchor', 'alerts: *nothing', '1:9', 'alerts', 'quotes'],
];

describe('a config file with a mistake', () => {
  it.each(MISTAKES)('names the place, the key and the remedy of %s', (_, text, place, path, hint) => {
    const found = problemsOf(text);
    expect(found.map(({ line, column, path: key }) => `${line}:${column} ${key}`)).toContain(`${place} ${path}`);
    const problem = found.find(({ line, column, path: key }) => `${line}:${column} ${key}` === `${place} ${path}`);
    expect(problem?.hint).toContain(hint);
    expect(problem?.message).not.toBe('');
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it('lists all its problems at once, in the order of the file', () => {
    const text =
      'dispatch:\n  afterCreate: pubish\n  attachements: true\nworkOrder:\n  titel: { from: ticket.subject }\nstatus:\n  paid: { note: "{{tickt.id}}" }\n';
    expect(formatProblems(problemsOf(text)).split('\n')).toEqual([
      'c.yaml:2:16  dispatch.afterCreate: "pubish" is not one of draft, publish, route – did you mean "publish"?',
      'c.yaml:3:3  dispatch.attachements: "attachements" is not a known key – did you mean "attachments"?',
      'c.yaml:5:3  workOrder.titel: Field Nation\'s create does not know "titel" – did you mean "title"?',
      'c.yaml:7:17  status.paid.note: "tickt" is not a source – did you mean "ticket"?',
    ]);
  });

  it('may not map to the field of the correlation id that is the default either', () => {
    expect(problemsOf('workOrder: { custom_fields.129: { static: x } }')).toHaveLength(1);
    expect(problemsOf('dispatch: { correlationField: }\nworkOrder: { custom_fields.129: { static: x } }')).toEqual([]);
  });

  it('cannot make a terminal obey it', () => {
    expect(formatProblems(problemsOf('dispatch: { afterCreate: "\\e[2J\\r\\n" }'))).not.toMatch(/\p{Cc}/u);
  });

  it('does not show an address, which may hold a token', () => {
    expect(formatProblems(problemsOf('alerts: { url: "hooks.example.com/s3cret" }'))).not.toContain('s3cret');
  });
});

describe('a config file made to harm', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c,*c]',
  ];
  it.each([
    ['an alias bomb', bomb.join('\n')],
    ['a circle of aliases', 'workOrder: &a\n  title: { static: *a }'],
    ['200 000 brackets', `dispatch: ${'['.repeat(200_000)}`],
    ['lists in lists', `workOrder: { title: { static: ${'['.repeat(60)}${']'.repeat(60)} } }`],
    ['objects in objects', `workOrder: { title: ${'{ first: [ '.repeat(60)}${' ] }'.repeat(60)} }`],
    ['2 MB', `# ${'x'.repeat(2_000_000)}`],
    ['100 000 targets', `workOrder:\n${Array.from({ length: 50_000 }, (_, n) => `  t${n}: {}`).join('\n')}`],
    ['100 000 unknown keys', Array.from({ length: 90_000 }, (_, n) => `t${n}: 1`).join('\n')],
    ['no number', 'workOrder: { title: { static: .nan } }'],
  ])('is refused soon: %s', (_, text) => {
    const before = process.cpuUsage();
    expect(problemsOf(text).length).toBeGreaterThan(0);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
  });

  it('is taken with a few plain aliases', () => {
    expect(problemsOf('status:\n  paid: &a { note: done }\n  approved: *a')).toEqual([]);
  });
});
