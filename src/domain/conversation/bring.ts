/**
 * Files of the provider go to the ticket. Promise: each once, a few in one private note; what cannot be had or taken is named
 * there with a link instead, and holds up no other.
 */
import type { VisitConversation } from '../../contract/conversation';
import type { BroughtFiles } from '../../contract/conversation-calls';
import { TICKET_LIMIT } from '../files';
import { wroteNote } from './notice';
import { soon, withSeen } from './state';
import { bringStep, deliverablesStep, type AnswerOf, type Outcome, type StepOf } from './steps';
import { laneWaits, stepFailed, stepWent, takeOrderRead, type Place } from './waits';

type Waiting = VisitConversation['bring'][number];

const BATCH = 5;

export function readDeliverablesStep({ visit, conversation }: Place): StepOf<'read-deliverables'> {
  const { workOrderId } = visit;
  return {
    ...{ kind: 'read-deliverables', name: deliverablesStep(visit), visit: visit.number, ids: [] },
    input: workOrderId === null ? null : { workOrderId, brought: conversation.brought },
    trouble: 'Reading the files of the work order failed',
  };
}

export function evolveReadDeliverables(
  place: Place,
  step: StepOf<'read-deliverables'>,
  outcome: Outcome<AnswerOf<'read-deliverables'>>,
  begun: number,
): void {
  const { dispatch, conversation } = place;
  const answer = takeOrderRead(place, step, outcome, { due: 'bringDue', begun, lost: 'Files not read' });
  if (answer === null) return;
  conversation.countsRead.files = conversation.countsSeen.files;
  if (answer === 'off') return;
  const { files, count, more } = answer;
  conversation.countsRead.files = Math.max(count, conversation.countsSeen.files);
  conversation.brought = withSeen(
    conversation.brought,
    files.map(({ id }) => id),
  );
  conversation.bring.push(...files.map((file) => ({ ...file, tried: false, linksOnly: false, batch: null })));
  if (more) conversation.bringDue = soon(dispatch, null, 0);
}

/** The files that go into one note: so many that the ticket may take them, and on a second try the same ones. */
function batchOf(conversation: VisitConversation, first: Waiting): Waiting[] {
  if (first.batch !== null) return conversation.bring.filter(({ batch }) => batch === first.batch);
  let sum = 0;
  return conversation.bring
    .filter((file) => file === first || (file.batch === null && !file.unfetched && !first.unfetched))
    .slice(0, BATCH)
    .filter((file) => {
      sum += file.size ?? TICKET_LIMIT;
      return file === first || sum <= TICKET_LIMIT;
    });
}

export function bringFilesStep({ dispatch, visit, conversation }: Place, first: Waiting): StepOf<'bring-files'> {
  const { ticketId, memory } = dispatch;
  const { workOrderId, correlationId, href } = visit;
  const batch = batchOf(conversation, first);
  const files = batch.map(({ id, name, size, type }) => ({ id, name, size, type }));
  const { linksOnly, tried: lookFirst, from = conversation.position.page } = first;
  return {
    ...{ kind: 'bring-files', name: bringStep(visit, first), visit: visit.number, ids: files.map(({ id }) => id) },
    input:
      memory.known?.gone || workOrderId === null
        ? null
        : { ticketId, workOrderId, correlationId, href, files, linksOnly, lookFirst, from },
    trouble: `Bringing file ${first.id} to the ticket was refused`,
  };
}

export function evolveBringFiles(place: Place, step: StepOf<'bring-files'>, outcome: Outcome<BroughtFiles>): void {
  const { dispatch, conversation } = place;
  const batch = conversation.bring.filter(({ id }) => step.ids.includes(id));
  const others = conversation.bring.filter((file) => !batch.includes(file));
  // Whatever is tried again is tried as the same note.
  for (const file of batch) file.batch = step.ids[0] ?? null;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') dispatch.memory.look.wanted = true;
    if (!stepFailed(place, step, outcome.failure)) return;
    for (const file of batch) Object.assign(file, { tried: true, from: step.input?.from });
    return;
  }
  const answer = outcome.kind === 'answered' ? outcome.answer : 'off';
  if (answer === 'refused') {
    for (const file of batch) file.linksOnly = true;
    return;
  }
  if (answer === 'unfetched') {
    for (const file of batch) {
      file.batch = null;
      file.unfetched = (file.unfetched ?? 0) + 1;
      file.linksOnly = file.unfetched >= dispatch.policy.conversation.fetches;
    }
    conversation.bring = [...others, ...batch.slice(1), ...batch.slice(0, 1)];
    return laneWaits(place, step, null);
  }
  conversation.bring = others;
  stepWent(place, step);
  if (answer === 'off') return;
  wroteNote(dispatch, answer);
  dispatch.note('Files brought to the ticket', step.ids.join(', '));
}
