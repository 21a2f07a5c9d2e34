/** A dispatch of which nothing is known yet, and a visit that has just begun. */
import type { DispatchMemory, LookRequest } from '../../contract/memory';
import type { OrderSync } from '../../contract/order-sync';
import type { Visit } from '../../contract/visit';
import { correlationId } from '../correlation';
import { unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { LATE_QUESTION, SWEPT_QUESTION } from './steps';

export const noLook = (): LookRequest => ({
  wanted: false,
  askedAt: null,
  sweptOnly: false,
  whileOpen: false,
  notBefore: null,
  stale: 0,
  startDoubted: false,
  incomplete: 0,
});

export const emptyMemory = (): DispatchMemory => ({
  schema: 1,
  known: null,
  lastWriteAt: null,
  statusSetAt: null,
  lookedAt: null,
  notedAt: null,
  look: noLook(),
  link: null,
  newLink: null,
  visits: [],
  effects: [],
  blocked: [],
  failing: [],
  effectSeq: 0,
  written: {},
  inbox: [],
  doubtful: [],
  seen: [],
  taken: 0,
  writeNotBefore: null,
  commands: { retry: null, probe: false, cancel: null, approve: null, visit: null },
  paused: null,
  loss: null,
  unknownOrder: null,
  ownership: null,
  skipped: null,
  finalSince: null,
  timeline: [],
});

export const nothingSent = (): OrderSync => ({
  content: null,
  sent: {},
  refused: {},
  wantedAt: null,
  sending: null,
  updatedAt: null,
  notes: [],
  start: null,
});

/** Starts a visit; its id stands before anything is created. */
export function startVisit(dispatch: Dispatch, number: number): Visit {
  const { account, ticketId, memory } = dispatch;
  const visit: Visit = {
    number,
    correlationId: correlationId(account, ticketId, number),
    stage: 'plan',
    plan: null,
    rules: null,
    workOrderId: null,
    href: null,
    status: null,
    ownStatus: false,
    swept: false,
    takenOver: false,
    tried: false,
    unsureSince: null,
    lookUps: 0,
    lookUp: null,
    surplus: [],
    publishUnsure: false,
    publishPutOff: 0,
    publishTries: 0,
    notBefore: null,
    cancel: null,
    cancelUnconfirmed: false,
    approved: null,
    approval: null,
    causesNoted: [],
    putRight: 0,
    sync: nothingSent(),
    times: { triggeredAt: memory.look.askedAt ?? dispatch.at(), orderedAt: null, publishedAt: null, endedAt: null },
    start: null,
  };
  if (memory.facts) memory.facts.technician = null;
  memory.visits.push(visit);
  memory.skipped = null;
  for (const question of [SWEPT_QUESTION, LATE_QUESTION]) unblock(dispatch, question);
  return visit;
}
