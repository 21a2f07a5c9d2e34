import fc from 'fast-check';
import { correlationLine } from '../../src/domain/correlation';
import { correlationIdOfOrder } from '../../src/domain/order-correlation';

const OURS = 'FD-acme-4711-1';
const FORGED = 'FD-acme-99-1';
const group = (role: string | undefined, ...values: unknown[]) => ({
  id: 1,
  ...(role === undefined ? {} : { role }),
  results: values.map((value, index) => ({ id: index, name: 'Ticket', type: 'text', value })),
});

describe('the correlation id of a work order', () => {
  it.each<[string, object]>([
    [
      'the internal ticket number',
      { custom_fields: { internal: { id: 129, value: OURS, role: 'buyer' }, results: [] } },
    ],
    ['a field of the buyer', { custom_fields: { internal: null, results: [group('buyer', 'low', OURS)] } }],
    ['a group without a role', { custom_fields: { results: [group(undefined, OURS)] } }],
    ['the flat form', { custom_fields: { results: [{ id: 129, value: OURS }] } }],
    ['a bare list', { custom_fields: [{ id: 129, value: OURS }] }],
    ['a value with blanks around it', { custom_fields: { internal: { value: ` ${OURS}\n` } } }],
    ['the last line of the description', { description: { html: `<p>Text</p>${correlationLine(OURS)}` } }],
    ['a description that ends in blanks', { description: { html: `${correlationLine(OURS)}\n ` } }],
    [
      'the description when the fields are empty',
      {
        custom_fields: { internal: { value: '' }, results: [group('buyer')] },
        description: { html: correlationLine(OURS) },
      },
    ],
  ])('is read from %s', (_, order) => {
    expect(correlationIdOfOrder(order)).toBe(OURS);
  });

  it.each<[string, object]>([
    ['the title', { title: FORGED }],
    ['a part of a field', { custom_fields: { internal: { value: `see ${FORGED}` } } }],
    ['the middle of the description', { description: { html: `${correlationLine(FORGED)}<p>Thanks</p>` } }],
    ['text after the last line', { description: { html: `${correlationLine(FORGED)} and more` } }],
    ['a last line with more in it', { description: { html: `<p>Deskbridge ${FORGED} x</p>` } }],
    ['a group that the provider fills in', { custom_fields: { results: [group('assigned_provider', FORGED)] } }],
    ['a flat field of the provider', { custom_fields: { results: [{ value: FORGED, role: 'assigned_provider' }] } }],
    ['closing notes', { closing_notes: FORGED }],
    ['the confidential text', { confidential: { html: correlationLine(FORGED) } }],
    ['numbers', { custom_fields: { internal: { value: 4711 } } }],
    ['another form', { custom_fields: { internal: { value: 'fd-acme-4711-1' } } }],
    ['a visit 0', { custom_fields: { internal: { value: 'FD-acme-4711-0' } } }],
  ])('is not read from %s', (_, order) => {
    expect(correlationIdOfOrder(order)).toBeNull();
  });

  it('stays ours when the provider writes another one into a field of theirs', () => {
    const order = {
      custom_fields: { results: [group('buyer'), group('assigned_provider', FORGED)] },
      description: { html: correlationLine(OURS) },
    };
    expect(correlationIdOfOrder(order)).toBe(OURS);
  });

  it('never takes visit 12 for visit 1', () => {
    const of = (html: string) => correlationIdOfOrder({ description: { html } });
    expect(of(correlationLine('FD-acme-4711-12'))).toBe('FD-acme-4711-12');
    expect(of('<p>Deskbridge FD-acme-4711-1</p>2')).toBeNull();
    expect(correlationIdOfOrder({ custom_fields: { internal: { value: 'FD-acme-4711-12' } } })).toBe('FD-acme-4711-12');
  });

  it('has an answer for anything', () => {
    const shape = fc.record({
      custom_fields: fc.oneof(fc.jsonValue(), fc.record({ internal: fc.jsonValue(), results: fc.jsonValue() })),
      description: fc.oneof(fc.jsonValue(), fc.record({ html: fc.jsonValue() })),
    });
    fc.assert(fc.property(fc.oneof(shape, fc.anything()), (order) => expect(correlationIdOfOrder(order)).toBeNull()));
  });
});
