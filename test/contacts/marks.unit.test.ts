import type { MappedContact } from '../../src/contract/contact';
import { marksOf } from '../../src/domain/contacts';

const FULL: MappedContact = {
  ...{ name: 'Mara Quint', email: 'mara@quint.example', phone: '+447700900123', unique_external_id: 'usr_123' },
  ...{ job_title: 'Store lead', company_id: 12, tags: ['marketing-consent', 'trial'] },
  custom_fields: { plan: 'pro', seats: 3, paid: true },
};
const hash = (text: string): string => `#${text}`;

describe('marks', () => {
  it('stand for every value, each with its field', () => {
    expect(marksOf(FULL, false, hash)).toEqual({
      name: '#name="Mara Quint"',
      email: '#email="mara@quint.example"',
      phone: '#phone="+447700900123"',
      unique_external_id: '#unique_external_id="usr_123"',
      job_title: '#job_title="Store lead"',
      company_id: '#company_id=12',
      'custom_fields.plan': '#custom_fields.plan="pro"',
      'custom_fields.seats': '#custom_fields.seats=3',
      'custom_fields.paid': '#custom_fields.paid=true',
      'tags.marketing-consent': '#tags.marketing-consent="marketing-consent"',
      'tags.trial': '#tags.trial="trial"',
    });
  });

  it('leave out a name that is a stand-in', () => {
    const { name: _, ...others } = marksOf(FULL, false, hash);
    expect(marksOf(FULL, true, hash)).toEqual(others);
    expect(marksOf({ name: 'usr_123', tags: [] }, true, hash)).toEqual({});
  });

  it('tell a number, a truth value and a text apart', () => {
    const marks = [1, '1', true, 'true'].map((plan) =>
      marksOf({ name: 'a', tags: [], custom_fields: { plan } }, true, hash),
    );
    expect(new Set(marks.map((each) => each['custom_fields.plan'])).size).toBe(4);
  });
});
