/**
 * What the conversation can do: one call each, and what came of it. Promise: a step is plain data that says everything its
 * call needs.
 */
import type { Lane } from '../../contract/conversation';
import type { ConversationCalls } from '../../contract/conversation-calls';
import type { StepFailure } from '../../contract/failures';
import type { Visit } from '../../contract/visit';

interface Kind {
  call: keyof ConversationCalls;
  lane: Lane;
}

const kind = <Call extends keyof ConversationCalls>(call: Call, lane: Lane): Kind & { call: Call } => ({ call, lane });

export const KINDS = {
  'read-entries': kind('readEntries', 'out'),
  'post-entry': kind('postEntry', 'out'),
  'read-messages': kind('readMessages', 'in'),
  'write-message': kind('writeMessage', 'in'),
  'upload-file': kind('uploadFile', 'files'),
  'note-left-out': kind('noteLeftOut', 'files'),
  'read-deliverables': kind('readDeliverables', 'bring'),
  'bring-files': kind('bringFiles', 'bring'),
} as const;

export type CallKind = keyof typeof KINDS;
type CallOf<K extends CallKind> = ConversationCalls[(typeof KINDS)[K]['call']];
type InputOf<K extends CallKind> = Parameters<CallOf<K>>[0];
export type AnswerOf<K extends CallKind> = Awaited<ReturnType<CallOf<K>>>;

export interface StepOf<K extends CallKind> {
  kind: K;
  /** The name under which it waits for a person. */
  name: string;
  /** By number. */
  visit: number;
  /** What it carries over, by id; none when it reads. */
  ids: number[];
  /** Null: there is nobody to take it, so no call is made. */
  input: InputOf<K> | null;
  /** What a person reads when it was refused. */
  trouble: string;
}

/** Nothing goes to an order that is over. */
interface OverStep {
  kind: 'order-over';
  visit: number;
  input: null;
}

export type CallStep = { [K in CallKind]: StepOf<K> }[CallKind];
export type Step = CallStep | OverStep;

export type Outcome<T> =
  { kind: 'answered'; answer: T } | { kind: 'failed'; failure: StepFailure } | { kind: 'not called' };

type Numbered = { id: number };

/** Names of the steps, as attention shows them. */
export const READ_ENTRIES = 'entries';
export const NOTE_LEFT_OUT = 'files left-out';
export const messagesStep = (visit: Visit): string => `messages ${visit.number}`;
export const deliverablesStep = (visit: Visit): string => `deliverables ${visit.number}`;
export const entryStep = (visit: Visit, { id }: Numbered): string => `entry ${visit.number} ${id}`;
export const messageStep = (visit: Visit, { id }: Numbered): string => `message ${visit.number} ${id}`;
export const fileStep = (visit: Visit, { id }: Numbered): string => `file ${visit.number} ${id}`;
/** All files of a note have the name of its first one. */
export const bringStep = (visit: Visit, { id, batch }: Numbered & { batch: number | null }): string =>
  `deliverable ${visit.number} ${batch ?? id}`;
