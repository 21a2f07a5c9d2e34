import { checkMapping, mapWorkOrder } from '../../src/domain/mapping';
import type { Json, MappingAction } from '../../src/domain/mapping';
import { NO_FIELDS, sourcesOf } from './ticket';

const fields = { a: ' High ', n: 7, text: '7.5', list: ['x', 'y'], yes: true, no: false, html: '<p>A &amp; B</p>' };

/** What an action makes of a title. */
function title(action: MappingAction): unknown {
  const { fields: mapped, problems } = mapWorkOrder({ title: action }, sourcesOf({ custom_fields: fields }), NO_FIELDS);
  return (
    problems.find(({ target, value }) => target === 'title' && value !== null)?.message.replace(/^[^"]*: "/, '"') ??
    mapped[0]?.value
  );
}
const from = (name: string): string => `ticket.custom_fields.${name}`;

describe('an action', () => {
  it.each<[what: string, action: MappingAction, value: unknown]>([
    ['from takes a text', { from: 'ticket.subject' }, 'Card reader offline'],
    ['from takes a number', { from: 'ticket.id' }, '4711'],
    ['from joins a list', { from: 'ticket.tags' }, 'field-visit, pos'],
    ['from reads an item', { from: 'ticket.attachments[0].name' }, 'lane3.jpg'],
    ['from that leads nowhere is absent', { from: 'ticket.nothing.at.all' }, null],
    ['from sees no inherited property', { from: 'ticket.toString' }, null],
    ['from sees no length', { from: 'ticket.tags.length' }, null],
    ['from refuses an object', { from: 'ticket.company' }, '"an object" is not text'],
    ['default fills in', { from: 'ticket.nothing', default: 'x' }, 'x'],
    ['default is not for false', { from: from('no'), default: 'x' }, 'false'],
    ['static', { static: 12 }, '12'],
    ['template', { template: 'T{{ticket.id}} {{ ticket.tags }}{{ticket.no}}' }, 'T4711 field-visit, pos'],
    ['template keeps a part with a value', { template: 'a{{#ticket.id}}b{{ticket.id}}{{/ticket.id}}' }, 'ab4711'],
    ['template drops a part without', { template: 'a{{#ticket.no}}b{{/ticket.no}}c' }, 'ac'],
    ['template drops a part that is false', { template: `a{{#${from('no')}}}b{{/${from('no')}}}` }, 'a'],
    ['template shows the other part', { template: 'a{{^ticket.no}}b{{/ticket.no}}' }, 'ab'],
    ['concat', { concat: [{ from: 'ticket.id' }, { from: 'ticket.no' }, { static: 'x' }] }, '4711 x'],
    ['concat with a separator', { concat: [{ from: 'ticket.id' }, { static: 'x' }], separator: ' / ' }, '4711 / x'],
    ['first', { first: [{ from: 'ticket.no' }, { from: 'ticket.id' }] }, '4711'],
    ['when is', { when: { if: from('a'), is: 'high', then: { static: 1 }, else: { static: 2 } } }, '1'],
    ['when is one of', { when: { if: from('n'), is: [6, 7], then: { static: 1 } } }, '1'],
    ['when a list holds', { when: { if: from('list'), is: 'Y', then: { static: 1 } } }, '1'],
    ['when there is a value', { when: { if: from('no'), then: { static: 1 }, else: { static: 2 } } }, '2'],
    ['when without else', { when: { if: 'ticket.no', then: { static: 1 } } }, null],
    ['map trims and takes any case', { from: from('a'), map: { high: 'urgent' } }, 'urgent'],
    ['map takes numbers', { from: from('n'), map: { 7: 'seven' } }, 'seven'],
    ['map takes truths', { from: from('yes'), map: { true: 'T' } }, 'T'],
    ['map names what is not in it', { from: from('a'), map: { low: 1 } }, '" High " is not in the map'],
    ['map without a value', { from: 'ticket.no', map: { low: 1 } }, null],
    ['map with a default', { from: from('a'), map: { low: 1 }, default: 'x' }, 'x'],
    ['range below', { from: from('n'), range: [{ below: 8, value: 'low' }, { value: 'high' }] }, 'low'],
    [
      'range at its edge',
      {
        from: from('n'),
        range: [
          { below: 7, value: 'low' },
          { min: 7, value: 'high' },
        ],
      },
      'high',
    ],
    ['range of numeric text', { from: from('text'), range: [{ min: 7, below: 8, value: 'x' }] }, 'x'],
    ['range without a step', { from: from('n'), range: [{ min: 8, value: 1 }] }, '"7" is in no step of the range'],
    ['range of no number', { from: from('a'), range: [{ value: 1 }] }, '" High " is not a number'],
    ['date for Field Nation', { static: '2026-02-03T17:00:00Z', date: 'field-nation' }, '2026-02-03 17:00:00'],
    ['date iso', { static: '2026-02-03 17:00', date: 'iso' }, '2026-02-03T17:00:00'],
    ['date alone', { static: '2026-02-03T23:30:00-06:00', date: 'date' }, '2026-02-04'],
    ['date of a day', { static: '2026-02-03', date: 'field-nation' }, '2026-02-03'],
    ['date in the afternoon', { static: '2026-02-03 2:30 pm', date: 'field-nation' }, '2026-02-03 14:30:00'],
    ['date at midnight', { static: '2026-02-03 12:05AM +0100', date: 'field-nation' }, '2026-02-02 23:05:00'],
    ['date that never was', { static: '2026-02-30', date: 'iso' }, '"2026-02-30" is not a date'],
    ['date at 25', { static: '2026-02-03 25:00', date: 'iso' }, '"2026-02-03 25:00" is not a date'],
    ['date in words', { static: 'tomorrow', date: 'iso' }, '"tomorrow" is not a date'],
    ['phone with its region', { static: '(312) 555-0142', phone: 'US' }, '+13125550142'],
    ['phone with an extension', { static: '(312) 555-0142 x12', phone: 'US' }, '+13125550142 ext. 12'],
    ['phone with a country code', { static: '+44 20 7946 0958', phone: 'US' }, '+442079460958'],
    ['phone that is none', { static: '12', phone: 'US' }, '"12" is not a phone number (region US)'],
    ['truncate', { static: 'abcdef', truncate: 4 }, 'abc…'],
    ['truncate leaves short text', { static: 'abcd', truncate: 4 }, 'abcd'],
    ['truncate cuts no character', { static: '👍👍👍', truncate: 2 }, '👍…'],
    ['text', { from: from('html'), text: true }, 'A & B'],
    ['text, then map, then truncate', { from: from('html'), text: true, map: { 'a & b': 'long' }, truncate: 3 }, 'lo…'],
  ])('%s', (_, action, value) => {
    expect(title(action)).toBe(value);
  });
});

describe('a target', () => {
  it('of hours of pay takes a number, and no list', () => {
    const faults = (value: Json): number => checkMapping({ 'pay.hours': { static: value } }).length;
    expect([faults(3.5), faults([3])]).toEqual([0, 1]);
  });

  const one = (target: string, action: MappingAction, customFieldIds: ReadonlyMap<string, number> | null = null) => {
    const { fields: mapped, problems } = mapWorkOrder({ [target]: action }, sourcesOf(), {
      ...NO_FIELDS,
      customFieldIds,
    });
    const problem = problems.find(
      (found) => found.target === target && !found.message.startsWith('The work order lacks'),
    );
    return problem === undefined
      ? mapped[0]?.value
      : `${problem.message.replace(/^[^"]*: "/, '"')} – ${problem.remedy}`;
  };

  it.each<[target: string, action: MappingAction, value: unknown]>([
    ['pay.base.amount', { static: '62.50' }, 62.5],
    ['pay.base.amount', { static: 'much' }, '"much" is not a number – write digits, such as 150 or 62.50'],
    ['project.id', { static: ' 12 ' }, 12],
    ['location.country', { static: ' us' }, 'US'],
    [
      'location.country',
      { static: 'Narnia' },
      '"Narnia" is not a country – use two letters such as US, or a map to them',
    ],
    ['require_ontime', { static: 'Yes' }, true],
    ['require_ontime', { static: 'maybe' }, '"maybe" is neither true nor false – use true or false, or a map to them'],
    ['pay.type', { static: 'Hourly' }, 'hourly'],
    ['pay.type', { static: 'fixd' }, '"fixd" is not one of fixed, hourly, device, blended – did you mean "fixed"?'],
    ['contacts.results[0].role', { static: 'location contact' }, 'Location Contact'],
    ['schedule.service_window.end.utc', { from: 'ticket.due_by' }, '2026-02-03 17:00:00'],
    [
      'types_of_work',
      { static: 62 },
      '"62" is not a list or an object – use static: [...] or name its parts one by one',
    ],
    ['service_types', { static: [{ id: 1, name: '' }, null] }, [{ id: 1 }]],
    ['titel', { static: 'x' }, 'Field Nation\'s create does not know "titel" – did you mean "title"?'],
    [
      'address1',
      { static: 'x' },
      'Field Nation\'s create does not know "address1" – did you mean "location.address1"?',
    ],
    ['pay', { static: {} }, 'Field Nation\'s create does not know "pay" – did you mean "pay.type"?'],
    ['custom_fields.7', { static: true }, 'true'],
    ['__proto__.x', { static: 'x' }, 'see the list of targets'],
  ])('%s takes %j', (target, action, value) => {
    const result = one(target, action);
    if (target === '__proto__.x') expect(result).toContain(value);
    else expect(result).toEqual(value);
  });

  it('finds custom fields by name, whatever its case', () => {
    const ids = new Map([['site.code', 12]]);
    const mapping = { 'custom_fields.Site.Code': { static: 5 } };
    const { payload } = mapWorkOrder(mapping, sourcesOf(), { correlationField: 'SITE.code', customFieldIds: ids });
    expect(payload['custom_fields']).toEqual({ results: [{ results: [{ id: 12, value: 'FD-acme-4711-1' }] }] });
    expect(one('custom_fields.Site', { static: 1 }, ids)).toContain('no work-order custom field "Site"');
    expect(one('custom_fields.Site', { static: 1 }, null)).toContain('is not known');
  });

  it('names a correlation field that does not exist', () => {
    const { problems } = mapWorkOrder({}, sourcesOf(), { correlationField: 'Ref', customFieldIds: new Map() });
    expect(problems.at(-1)).toMatchObject({ target: 'custom_fields.Ref', value: 'Ref' });
    expect(problems.at(-1)?.remedy).toContain('dispatch.correlationField');
  });

  it('leaves out contacts without a name, and closes the gap', () => {
    const mapping: Record<string, MappingAction> = {
      'contacts.results[0].role': { static: 'Location Contact' },
      'contacts.results[0].name': { from: 'ticket.nobody' },
      'contacts.results[2].name': { from: 'ticket.requester.name' },
    };
    const { payload } = mapWorkOrder(mapping, sourcesOf(), NO_FIELDS);
    expect(payload['contacts']).toEqual({ results: [{ name: 'Mara Quint' }] });
  });
});

describe('what a work order must have', () => {
  const missing = (mapping: Record<string, MappingAction>): string[] =>
    mapWorkOrder(mapping, sourcesOf(), NO_FIELDS).problems.map(({ target }) => target);
  const address = ['address1', 'city', 'state', 'zip', 'country'].map((name) => `location.${name}`);
  const start = 'schedule.service_window.start.utc';

  it('is named at once', () => {
    expect(missing({})).toEqual([
      ...['title', 'types_of_work', 'description.html', start, 'schedule.service_window.mode', 'pay.type'],
      ...['pay.base.amount', 'pay.base.units', 'location.mode', ...address],
    ]);
  });
  it('is no address for remote work', () => {
    expect(missing({ 'location.mode': { static: 'remote' } })).not.toContain('location.city');
  });
  it('is the id of a saved location', () => {
    expect(missing({ 'location.mode': { static: 'location' } })).toContain('location.saved_location.id');
  });
  it('is an end of a window', () => {
    expect(missing({ 'schedule.service_window.mode': { static: 'between' } })).toContain(
      'schedule.service_window.end.utc',
    );
  });
  it('is only a title with a template of Field Nation', () => {
    expect(missing({ 'template.id': { static: 5 } })).toEqual(['title']);
  });
  it.each([
    ['pay.base.amount', { 'pay.base.amount': { static: '0' } }],
    ['pay.base.units', { 'pay.base.units': { static: -1 } }],
    [
      'schedule.service_window.end.utc',
      {
        'schedule.service_window.start.utc': { static: '2026-02-03 17:00' },
        'schedule.service_window.end.utc': { static: '2026-02-03T17:00:00+02:00' },
      },
    ],
  ])('is possible: %s', (name, mapping: Record<string, MappingAction>) => {
    expect(missing(mapping)).toContain(name);
  });
  it('is named once when its value is the problem', () => {
    expect(missing({ 'pay.base.amount': { static: 'x' } }).filter((name) => name === 'pay.base.amount')).toHaveLength(
      1,
    );
  });
});
