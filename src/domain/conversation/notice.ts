/**
 * What makes notes, messages and files due. Promise: only the newest visit takes in anything new; what people wrote since
 * the trigger goes to it, nothing older. Source: interface, section 8.
 */
import type { TicketLook, WrittenNote } from '../../contract/ticket-calls';
import type { DispatchMemory } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import type { OrderEvent } from '../order-event';
import { unblock } from '../dispatch/blocks';
import type { Dispatch } from '../dispatch/dispatch';
import { isOrderOver } from '../dispatch/stages';
import { closeReading, conversationAfter, isSeen, noticeCounts, soon, takeTicketFiles } from './state';
import { READ_ENTRIES } from './steps';
import type { VisitConversation } from '../../contract/conversation';

/** A look brings the ticket's own files, and tells whether somebody may have written something. */
export function noticeTicket(dispatch: Dispatch, look: TicketLook): void {
  const { memory, policy, newest: visit } = dispatch;
  const wanted = look.rules.conversation;
  // A look that an older version recorded says nothing of all this: replayed, it changes nothing.
  if (!visit || !wanted || look.sight.gone || isOrderOver(visit)) return;
  const isFirst = visit.conversation === undefined;
  const conversation = (visit.conversation ??= conversationOfNext(memory, beginOf(dispatch, visit, look)));
  takeTicketFiles(conversation, look.files);
  // The first look has seen whether anybody wrote since the trigger: mostly nobody did, and nothing need be read.
  if (isFirst && look.lastEntryAt !== null && look.lastEntryAt <= conversation.since) {
    conversation.through = conversation.changedAt = look.updatedAt ?? conversation.through;
  }
  if (look.updatedAt === null || look.updatedAt <= conversation.through) return;
  if (!wanted.entries && !wanted.files) {
    // What was written while it was switched off was not written for the other side.
    conversation.since = conversation.through = look.updatedAt;
    conversation.outDue = null;
    unblock(dispatch, READ_ENTRIES);
    return;
  }
  if (conversation.changedAt !== look.updatedAt) {
    conversation.changedAt = look.updatedAt;
    conversation.changeSeenAt = dispatch.at();
  }
  // In the very second of a write of ours somebody may have written too: that is read later, together with what comes.
  const mayBeOurs = [memory.lastWriteAt, conversation.ownNoteAt].includes(look.updatedAt);
  conversation.outDue = soon(
    dispatch,
    conversation.outDue,
    mayBeOurs ? policy.conversation.doubt : policy.conversation.gather,
  );
}

/** A webhook or a sweep tells of a trigger at most this much later, in ms. */
const NOTICED_WITHIN_MS = 10 * 60 * 1000;

/** Since when what people write is for the visit: from the trigger on, as far as anybody knows when that was. */
function beginOf(dispatch: Dispatch, visit: Visit, look: TicketLook): string {
  const seen = look.updatedAt ?? dispatch.at();
  // What an earlier run has carried over already must not go twice.
  if (visit.takenOver || dispatch.memory.visits.length > 1) return seen;
  if (look.unmatchedAt !== undefined) return look.unmatchedAt;
  // By Freshdesk's clock, which need not be ours.
  const earliest = Date.parse(seen) - NOTICED_WITHIN_MS;
  // A second less: what was written in the second of the ticket's birth came with it.
  const born = look.createdAt === null ? earliest : Date.parse(look.createdAt) - 1000;
  return new Date(Math.min(Math.max(earliest, born), Date.parse(seen))).toISOString();
}

/** The visits before read no further. */
function conversationOfNext({ visits }: DispatchMemory, upTo: string): VisitConversation {
  const conversation = conversationAfter(visits.at(-2) ?? null, upTo);
  for (const { conversation: earlier } of visits) if (earlier) closeReading(earlier);
  return conversation;
}

/**
 * An event that tells of a message or a file; one of our own message tells nothing new. Every event shows how many there
 * are, so that the next one of any kind makes up for one that never came.
 */
export function noticeEvent(dispatch: Dispatch, visit: Visit, event: OrderEvent): void {
  const { conversation } = visit;
  if (!conversation || visit !== dispatch.newest || visit.stage === 'ended') return;
  const { name, status, messageId, at, counts } = event;
  const more = noticeCounts(conversation, counts ?? { messages: null, files: null });
  const isPost = name === 'workorder.message_posted';
  if (isPost && at !== null && at > (conversation.messageAt ?? '')) conversation.messageAt = at;
  const known = messageId !== undefined && isSeen(messageId, conversation.messagesSeen);
  if ((isPost && !known) || more.messages) conversation.inDue = dueForNews(dispatch, conversation.inDue);
  // The config may want them since the last look: the read itself knows, and makes no call when it doesn't.
  const wanted = visit.rules?.conversation?.deliverables === true && (status === 'work-done' || more.files);
  if (name === 'workorder.provider_upload' || wanted)
    conversation.bringDue = dueForNews(dispatch, conversation.bringDue);
}

/** What is due already may be under way: news needs a read that begins after it. */
const dueForNews = (dispatch: Dispatch, planned: string | null): string =>
  soon(dispatch, dispatch.isDue(planned) ? null : planned, dispatch.policy.conversation.gather);

/** A note of ours changes the ticket's `updated_at`: nobody else need have done so. */
export function wroteNote({ newest, memory }: Dispatch, { noteId, createdAt: at }: WrittenNote): void {
  memory.notedAt = at ?? memory.notedAt ?? null;
  const conversation = newest?.conversation;
  if (!conversation) return;
  if (noteId !== null) conversation.ownNotes = [...conversation.ownNotes, noteId].slice(-MOST_OWN_NOTES);
  if (at !== null && at > (conversation.ownNoteAt ?? '')) conversation.ownNoteAt = at;
}

/** Only for a key that changes hands before they are read back. */
const MOST_OWN_NOTES = 100;

/** Ids of our own making for entries that nobody wrote on the ticket: those of Freshdesk are positive. */
const MERGE_ENTRY = -1;

/** The people who work on the order learn into which ticket theirs was merged; that it goes on, only where nobody is asked. */
export function noticeMerge({ ticketId }: Dispatch, { conversation, rules }: Visit, mergedInto: number): void {
  if (!conversation || conversation.out.some(({ id }) => id === MERGE_ENTRY)) return;
  const goesOn = rules?.onTicketMerged === 'keep' ? ` This work order goes on for ticket ${mergedInto}.` : '';
  const text = `Ticket ${ticketId} was merged into ticket ${mergedInto}.${goesOn}`;
  conversation.out.push({ id: MERGE_ENTRY, kind: 'note', head: 'Deskbridge', text, tried: false, staffOnly: true });
}
