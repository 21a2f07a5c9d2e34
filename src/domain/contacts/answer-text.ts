/** What Freshdesk answered to a call about a contact, in words. */
import type { ContactWritten } from '../../contract/contact-write';
import { clashText } from './clash';
import { LATER_NO, NEWER_EVENT } from './writing';

export function answerText(answer: ContactWritten): string {
  switch (answer.result) {
    case 'created':
      return `201: contact ${answer.contactId} was created`;
    case 'updated':
      return `200: contact ${answer.contactId} was updated`;
    case 'taken':
      return `409: ${clashText(answer.clash)}`;
    case 'rejected':
      return `400: ${answer.detail}`;
    case 'conflict':
      return `Not written: ${answer.detail}`;
    case 'withdrawn':
      return LATER_NO;
    case 'superseded':
      return NEWER_EVENT;
    case 'stranger':
      return 'Not written: the contact does not hold these identifiers any more.';
  }
}
