/** What Field Nation refused, as those know it who can mend it. */
import { refusedValue, type MappingAction, type TicketFieldNames } from '../../src/domain/mapping';

const NAMES: TicketFieldNames = {
  ...{ readable: true, keys: new Map(), choices: new Map() },
  labels: new Map([['cf_pay_amount', 'Pay amount']]),
};
const MAPPING: Record<string, MappingAction> = {
  'pay.base.amount': { from: 'ticket.custom_fields.cf_pay_amount' },
  'pay.base.units': { static: 0 },
  'location.zip': { from: 'ticket.custom_fields.cf_zip' },
};
const PAYLOAD = { pay: { base: { amount: 99, units: 0 } }, location: {} };
const of = (pointer: string) => refusedValue(pointer, PAYLOAD, MAPPING, NAMES);

it('names target, value and the field as agents see it', () => {
  expect(of('/pay/base/amount')).toEqual({
    sent: 'pay.base.amount was 99, made of "Pay amount"',
    correct: '"Pay amount" in the ticket, or pay.base.amount under workOrder in the config file',
  });
});

it('names the config alone where the value stands in it', () => {
  expect(of('/pay/base/units')?.correct).toBe('pay.base.units under workOrder in the config file');
});

it('names fields by their keys where the account tells no label, and says that nothing was sent', () => {
  expect(of('location.zip')?.sent).toBe('location.zip was not sent, made of cf_zip');
});

it.each(['/status', '/', '', '/pay/base', '/__proto__/x'])('says nothing of what was not mapped: "%s"', (pointer) => {
  expect(of(pointer)).toBeNull();
});
