import fc from 'fast-check';
import { DEFAULT_WORK_ORDER } from '../../src/config/defaults';
import { parseCorrelationId, readCorrelationId } from '../../src/domain/correlation';
import { mapWorkOrder, renderTemplate } from '../../src/domain/mapping';
import type { MappingAction } from '../../src/domain/mapping';
import { SITE, sourcesOf } from './ticket';

const OWN = 'FD-acme-4711-1';
const context = { correlationField: 129, customFieldIds: null };

const hostile = fc.constantFrom(
  ...[
    'FD-acme-4711-2',
    `<p>Deskbridge FD-other-1-1</p>`,
    '<script>',
    '<p',
    '&#70;D-acme-9-9',
    '{{ticket.id}}',
    '__proto__',
  ],
);
const value = fc.oneof(
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
  fc.string(),
  hostile,
);
const ticket = fc.record(
  {
    ...{ subject: value, description: fc.oneof(value, hostile), status: value, priority: value, due_by: value },
    ...{ tags: value, requester: value, company: value },
    custom_fields: fc.oneof(value, fc.dictionary(fc.constantFrom(...Object.keys(SITE), 'cf_pay_amount'), value)),
  },
  { requiredKeys: [] },
);

const path = fc.constantFrom('ticket.subject', 'ticket.custom_fields', 'ticket.tags[0]', 'ticket.__proto__.x', 'x', '');
const leaf: fc.Arbitrary<MappingAction> = fc.oneof(
  path.map((from) => ({ from })),
  fc.string().map((template) => ({ template: `${template}{{ticket.subject}}` })),
  hostile.map((text) => ({ static: text })),
);
const action: fc.Arbitrary<MappingAction> = fc
  .tuple(
    fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }).map((concat) => ({ concat, separator: '' })),
      fc.array(leaf, { maxLength: 3 }).map((first) => ({ first })),
      fc.tuple(path, leaf).map(([when, then]) => ({ when: { if: when, then } })),
    ),
    fc.constantFrom<MappingAction>(
      {},
      { text: true },
      { date: 'iso' },
      { truncate: 3 },
      { range: [] },
      { default: 'x' },
    ),
  )
  .map(([source, transforms]) => ({ ...source, ...transforms }));
const target = fc.oneof(
  fc.constantFrom('title', 'description.html', 'pay.base.amount', 'contacts.results[3].name', 'types_of_work[1].id'),
  fc.constantFrom(
    'custom_fields.5',
    'custom_fields.__proto__',
    '__proto__.a',
    'constructor.prototype.a',
    'location.mode',
  ),
);

function leaves(body: unknown): unknown[] {
  if (Array.isArray(body)) return body.length === 0 ? ['an empty list'] : body.flatMap(leaves);
  if (typeof body !== 'object' || body === null) return [body];
  const inner: unknown[] = Object.values(body);
  return inner.length === 0 ? [''] : inner.flatMap(leaves);
}

function check(mapping: Record<string, MappingAction>, changes: Record<string, unknown>): void {
  const { payload } = mapWorkOrder(mapping, sourcesOf(changes), context);
  for (const each of leaves(payload)) {
    expect(['string', 'number', 'boolean']).toContain(typeof each);
    expect(typeof each === 'string' ? each.trim() : each).not.toBe('');
  }
  const text = JSON.stringify(payload);
  expect(readCorrelationId((payload['description'] as { html: string }).html)).toBe(OWN);
  const ids = text.split(/[^A-Za-z0-9-]+/).filter((word) => parseCorrelationId(word)?.account === 'acme');
  expect(ids.filter((id) => id !== OWN)).toEqual([]);
  expect(payload['custom_fields']).toMatchObject({
    results: [{ results: expect.arrayContaining([{ id: 129, value: OWN }]) }],
  });
  expect(JSON.stringify(payload['description'])).not.toContain('<script');
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
}

describe('whatever the ticket holds, the work order', () => {
  it('holds no empty values, one own id, and breaks nothing (shipped mapping)', () => {
    fc.assert(
      fc.property(ticket, (changes) => check(DEFAULT_WORK_ORDER, changes)),
      { numRuns: 300 },
    );
  });

  it('holds no empty values, one own id, and breaks nothing (any mapping)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(target, action), { maxLength: 6 }), ticket, (lines, changes) =>
        check(Object.fromEntries(lines), changes),
      ),
      { numRuns: 500 },
    );
  });

  it('is the same each time', () => {
    fc.assert(
      fc.property(ticket, (changes) => {
        const once = mapWorkOrder(DEFAULT_WORK_ORDER, sourcesOf(changes), context);
        expect(mapWorkOrder(DEFAULT_WORK_ORDER, sourcesOf(changes), context)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whatever the template holds, a note', () => {
  it('is text, without the markup of its values', () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.constantFrom('{{', '}}', '#', '/', '^', 'ticket.subject')));
    fc.assert(
      fc.property(parts, ticket, (template, changes) => {
        expect(typeof renderTemplate(template.join(''), sourcesOf(changes), { escape: 'html' })).toBe('string');
        const sources = sourcesOf({ ...changes, subject: '<script>' });
        expect(renderTemplate('{{ticket.subject}}', sources, { escape: 'html' })).toBe('&lt;script&gt;');
      }),
    );
  });
});
