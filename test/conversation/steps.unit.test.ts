/** What comes of each step of the conversation: the table of docs/architecture.md is what the rules do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VisitConversation } from '../../src/contract/conversation';
import { decide } from '../../src/domain/conversation/decide';
import { KINDS, type CallKind, type Outcome } from '../../src/domain/conversation/steps';
import { heed, receiveRetry } from '../../src/domain/dispatch/commands';
import { unblock } from '../../src/domain/dispatch/blocks';
import type { KnownTicket } from '../../src/domain/trigger';
import {
  answered,
  brought,
  Desk,
  entry,
  failed,
  failure,
  file,
  message,
  MINUTE,
  NO_MESSAGES,
  NOTE,
  NOW,
  uploaded,
} from './desk';

type Word = 'done' | 'off' | 'not taken' | 'cannot be had' | 'unavailable' | 'refused' | 'ticket gone' | 'order over';

interface Row {
  waiting: Partial<VisitConversation>;
  /** How its call can end; what is missing is the same for all. */
  ends: Partial<Record<Word, Outcome<unknown>>>;
}

const ROWS: Record<CallKind, Row> = {
  'read-entries': {
    waiting: { outDue: NOW },
    ends: {
      done: answered({ entries: [entry(5)], files: [], more: false, page: 1, fresh: false, lastId: 5, lastAt: NOW }),
      'ticket gone': failed('NotFound'),
    },
  },
  'post-entry': {
    waiting: { out: [{ ...entry(5), tried: false, staffOnly: false }] },
    ends: { done: answered({ audience: 'staff', ...NO_MESSAGES }), 'not taken': failed('InvalidRequest') },
  },
  'read-messages': {
    waiting: { inDue: NOW },
    ends: { done: answered({ ...NO_MESSAGES, messages: [message(6)] }) },
  },
  'write-message': { waiting: { in: [{ ...message(6), tried: false }] }, ends: { done: answered(NOTE) } },
  'upload-file': {
    waiting: { files: [uploaded(7)] },
    ends: {
      done: answered({ folderId: 3, leftOut: null }),
      'not taken': answered({ folderId: 3, leftOut: 'too large' }),
    },
  },
  'note-left-out': { waiting: { leftOut: [{ id: 7, name: 'setup.exe', why: 'why' }] }, ends: { done: answered(NOTE) } },
  'read-deliverables': {
    waiting: { bringDue: NOW },
    ends: { done: answered({ files: [file(8)], count: 1, more: false }) },
  },
  'bring-files': {
    waiting: { bring: [brought(8)] },
    ends: { done: answered(NOTE), 'not taken': answered('refused') },
  },
};

const ENDS: Partial<Record<Word, Outcome<unknown>>> = {
  off: answered('off'),
  'cannot be had': answered('unfetched'),
  unavailable: failed('UpstreamUnavailable'),
  refused: failed('Unauthorized'),
};

/** What becomes of what a step carries or reads, in the words of the table. */
function fateOf(kind: CallKind, word: Word): string {
  const { waiting, ends } = ROWS[kind];
  const desk = new Desk(waiting);
  const { dispatch, conversation } = desk;
  if (word === 'ticket gone') dispatch.memory.known = { gone: true } as KnownTicket;
  if (word === 'order over') dispatch.newest!.stage = 'ended';
  const outcome = ends[word] ?? ENDS[word] ?? ends.done!;
  const { input } = desk.take(outcome);
  if (dispatch.memory.blocked.length > 0) return 'asks';
  if (conversation.waits[KINDS[kind].lane]) return 'later';
  if (conversation.leftOut.length > (waiting.leftOut?.length ?? 0)) return 'left out';
  if (decide(dispatch)?.kind === kind) return 'at once';
  return input !== null && outcome === ends.done ? 'done' : 'dropped';
}

const DOCUMENT = readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8');
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const [heads = [], , ...rows] = (/<!-- conversation -->\n\n([\s\S]*?)\n\n/.exec(DOCUMENT)?.[1] ?? '')
  .split('\n')
  .map(cells);
const CELLS = rows.flatMap(([kind = '', ...fates]) =>
  fates.flatMap((fate, index) => (fate === '–' ? [] : [[kind, heads[index + 1], fate] as [CallKind, Word, string]])),
);

test('docs/architecture.md tells of every step', () => {
  expect(rows.map(([kind]) => kind)).toEqual(Object.keys(KINDS));
});

test.each(CELLS)('%s, %s: %s', (kind, word, fate) => {
  expect(fateOf(kind, word)).toBe(fate);
});

test.each(Object.keys(ROWS) as CallKind[])('%s is done once', (kind) => {
  expect(fateOf(kind, 'done')).toBe('done');
});

describe.each(Object.entries(ROWS) as [CallKind, Row][])('%s', (kind, { waiting, ends }) => {
  it('is tried again later each time, and at once when it went well', () => {
    const desk = new Desk(waiting);
    const waits = [1, 2, 3].map(() => {
      const { lane } = KINDS[kind];
      desk.take(failed('UpstreamUnavailable'));
      const until = Date.parse(desk.conversation.waits[lane]!.notBefore);
      const wait = until - desk.now;
      expect(decide(desk.dispatch)).toBeNull();
      desk.now = until;
      return wait;
    });
    expect(waits).toEqual([2000, 4000, 8000]);
    desk.take(ends.done!);
    expect(desk.conversation.waits).toEqual({});
  });

  it('waits at least as long as the other side says', () => {
    const desk = new Desk(waiting);
    desk.take({ kind: 'failed', failure: { ...failure('RateLimited'), retryAfterMs: MINUTE } });
    expect(desk.conversation.waits[KINDS[kind].lane]?.notBefore).toBe('2027-01-27T08:01:00.000Z');
  });

  it('is tried again in a moment when a person asks, not in the moment of the call that went unanswered', () => {
    const desk = new Desk(waiting);
    desk.take({ kind: 'failed', failure: { ...failure('RateLimited'), retryAfterMs: MINUTE } });
    receiveRetry(desk.dispatch, { by: 'ann' });
    heed(desk.dispatch);
    expect(decide(desk.dispatch)).toBeNull();
    desk.now += 2000;
    expect(desk.step().kind).toBe(kind);
  });

  it('waits for a person under its name, and goes on when the person says so', () => {
    const desk = new Desk(waiting);
    const step = desk.take(failed('Conflict'));
    const [blocked] = desk.dispatch.memory.blocked;
    expect('name' in step && [step.name, `${step.trouble} (400)`]).toEqual([blocked?.step, blocked?.summary]);
    expect(decide(desk.dispatch)).toBeNull();
    unblock(desk.dispatch, blocked!.step);
    expect(desk.step().kind).toBe(kind);
  });
});

describe.each(['post-entry', 'write-message', 'upload-file', 'note-left-out', 'bring-files'] as const)('%s', (kind) => {
  it.each([
    [false, false],
    [true, true],
  ])('that may have been done: %s; is looked for first: %s', (unsure, lookFirst) => {
    const desk = new Desk(ROWS[kind].waiting);
    expect(desk.input()).toMatchObject({ lookFirst: false });
    desk.take(failed('UpstreamUnavailable', unsure));
    desk.now += MINUTE;
    expect(desk.input()).toMatchObject({ lookFirst });
  });
});

describe.each(['write-message', 'note-left-out', 'bring-files'] as const)('%s', (kind) => {
  it('is looked for from the page on which its note may stand, wherever reading has come since', () => {
    const desk = new Desk(ROWS[kind].waiting);
    desk.take(failed(null, true));
    desk.conversation.position = { page: 4, fresh: true, lastId: 0, lastAt: null };
    desk.now += MINUTE;
    expect(desk.input()).toMatchObject({ lookFirst: true, from: 1 });
  });
});
