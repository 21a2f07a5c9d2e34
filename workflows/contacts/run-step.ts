/** Makes the calls of one step of a contact's run. */
import type { ContactStep } from '../../src/domain/contacts/decide';
import type { StepDone } from '../../src/domain/contacts/evolve';
import { contacts, engine } from '../proxies';
import { attentionOf } from '../step-failure';
import { sendContact } from './send';

export async function runStep(step: ContactStep): Promise<StepDone> {
  try {
    switch (step.kind) {
      case 'tell':
        await engine.deliverContactEvents({ contacts: step.contacts });
        return step;
      case 'withdraw':
        return { ...step, answer: await contacts.withdrawConsent(step.input) };
      case 'send':
        return { ...step, answer: await sendContact(step.parcel.content, step.contactId) };
      case 'skip':
        return step;
    }
  } catch (error) {
    return { kind: 'failed', step, attention: attentionOf(error) };
  }
}
