/** What each lane of the conversation does with what its calls answer. */
import { DEFAULT_POLICY } from '../../src/contract/policy';
import type { Visit } from '../../src/contract/visit';
import { decide } from '../../src/domain/conversation/decide';
import { evolve } from '../../src/domain/conversation/evolve';
import { noticeEvent } from '../../src/domain/conversation/notice';
import type { OrderEvent } from '../../src/domain/order-event';
import type { KnownTicket } from '../../src/domain/trigger';
import {
  Desk,
  FETCHES,
  MINUTE,
  NOTE,
  NOW,
  NO_MESSAGES,
  answered,
  brought,
  entry,
  failed,
  file,
  message,
  uploaded,
} from './desk';

const AN_ENTRY = { out: [{ ...entry(5), tried: false, staffOnly: false }] };
const A_MESSAGE = { in: [{ ...message(6), tried: false }] };
const A_LEFT_OUT_FILE = { leftOut: [{ id: 7, name: 'setup.exe', why: 'why' }] };

describe('entries', () => {
  it('are read once more when the second of the change had not ended', () => {
    const desk = new Desk({ outDue: NOW, changeSeenAt: NOW, changedAt: NOW });
    const nothing = answered({ entries: [], files: [], more: false, page: 1, fresh: false, lastId: 0, lastAt: null });
    desk.take(nothing);
    expect(desk.conversation).toMatchObject({
      outDue: '2027-01-27T08:00:01.500Z',
      through: '2027-01-27T07:00:00.000Z',
    });
    desk.now += 1500;
    desk.take(nothing);
    expect(desk.conversation).toMatchObject({ outDue: null, through: NOW });
  });

  it('are read on as long as there are more, each with its files', () => {
    const desk = new Desk({ outDue: NOW });
    const position = { page: 2, fresh: true, lastId: 5, lastAt: NOW };
    desk.take(answered({ entries: [entry(5)], files: [{ ...file(7), page: 1 }], more: true, ...position }));
    expect(desk.conversation).toMatchObject({ position, outDue: NOW, files: [{ id: 7, page: 1 }] });
  });

  it('ask for a look at a ticket that is not found', () => {
    const desk = new Desk({ outDue: NOW });
    desk.take(failed('NotFound'));
    expect(desk.dispatch.memory.look.wanted).toBe(true);
  });

  it('go to the staff alone when Field Nation does not take them for the provider, and ask when it takes them for nobody', () => {
    const desk = new Desk(AN_ENTRY);
    desk.take(failed('InvalidRequest'));
    expect(desk.input()).toMatchObject({ staffOnly: true });
    desk.take(failed('InvalidRequest'));
    expect(desk.dispatch.memory.blocked).toHaveLength(1);
  });

  it('hold up no other when one waits for a person', () => {
    const desk = new Desk({ out: [5, 6].map((id) => ({ ...entry(id), tried: false, staffOnly: false })) });
    desk.take(failed('Conflict'));
    expect(desk.input()).toMatchObject({ entry: { id: 6 } });
  });

  it('that turn out to be in the order need no second post, and no person', () => {
    const desk = new Desk({ out: AN_ENTRY.out, inDue: NOW });
    desk.take(failed('Conflict', true));
    desk.take(answered({ ...NO_MESSAGES, carried: [5] }));
    expect([desk.conversation.out, desk.dispatch.memory.blocked]).toEqual([[], []]);
  });
});

/** Field Nation tells of something, as an event or a sweep does. */
const event = (name: string, rest: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ key: name, name, at: NOW, status: null, workOrderId: 901, correlationId: null, title: null },
  ...{ closingNotes: null, hours: null, start: null, provider: null, ...rest },
});

describe('news that comes while a read is under way', () => {
  it.each([
    ['message', { inDue: NOW }, 'workorder.message_posted', answered(NO_MESSAGES)],
    ['file', { bringDue: NOW }, 'workorder.provider_upload', answered({ files: [], count: 0, more: false })],
  ])('of a %s is read as well', (_, waiting, name, answer) => {
    const desk = new Desk(waiting);
    const { dispatch } = desk;
    const [step, begun] = [desk.step(), desk.now];
    desk.now += 100;
    noticeEvent(dispatch, dispatch.newest!, event(name));
    desk.now += 100;
    evolve(dispatch, step, answer, begun);
    desk.now += DEFAULT_POLICY.conversation.gather;
    expect(decide(dispatch)?.kind).toBe(step.kind);
    desk.take(answer);
    expect(decide(dispatch)).toBeNull();
  });
});

test('a file that was told of while nobody wanted it is read once it is wanted, and the same count asks for one read', () => {
  const desk = new Desk({});
  const { dispatch } = desk;
  const tell = (): void => noticeEvent(dispatch, dispatch.newest!, event('tag', { counts: { messages: 1, files: 1 } }));
  tell();
  expect(desk.conversation).toMatchObject({ inDue: '2027-01-27T08:00:01.500Z', bringDue: null });
  desk.now += MINUTE;
  dispatch.newest!.rules = { conversation: { deliverables: true } } as Visit['rules'];
  tell();
  expect(desk.conversation).toMatchObject({ inDue: '2027-01-27T08:00:01.500Z', bringDue: '2027-01-27T08:01:01.500Z' });
});

describe('messages', () => {
  it('that nobody wants are not passed on later either', () => {
    const desk = new Desk({ inDue: NOW, messageAt: '2027-01-27T07:30:00.000Z' });
    desk.take(answered('off'));
    expect(desk.conversation.messagesSeen.unwantedUntil).toBe('2027-01-27T07:30:00.000Z');
  });

  it('that have no room yet are read again', () => {
    const waiting = Array.from({ length: 20 }, (_, id) => ({ ...entry(id), tried: false, staffOnly: false }));
    const inbox = Array.from({ length: 20 }, (_, id) => ({ ...message(100 + id), tried: false }));
    const desk = new Desk({ out: waiting, in: inbox });
    desk.take(answered({ audience: 'staff', ...NO_MESSAGES, messages: [message(6)], ours: [7] }));
    expect(desk.conversation).toMatchObject({ inDue: NOW, messagesSeen: { seen: [] } });
    expect(desk.conversation.in).toHaveLength(20);
  });

  it('that cannot be read any more of an order that is over are dropped, and the timeline says so', () => {
    const desk = new Desk({ inDue: NOW, bringDue: NOW });
    desk.dispatch.newest!.stage = 'ended';
    desk.take(failed('NotFound'));
    desk.take(failed('NotFound'));
    expect([desk.timeline, decide(desk.dispatch)]).toEqual([['Messages not read', 'Files not read'], null]);
  });

  it('for a ticket that is gone wait for nobody', () => {
    const desk = new Desk(A_MESSAGE);
    desk.take(failed('NotFound'));
    expect(desk.dispatch.memory.look.wanted).toBe(true);
    expect(decide(desk.dispatch)).toBeNull();
    desk.dispatch.memory.known = { gone: true } as KnownTicket;
    expect(desk.take(answered(NOTE)).input).toBeNull();
    expect([desk.conversation.in, desk.dispatch.memory.blocked]).toEqual([[], []]);
    expect(desk.timeline.at(-1)).toBe('Not written: the ticket is gone');
  });
});

describe('files for the order', () => {
  it('of a kind that Field Nation does not take cost no call', () => {
    const desk = new Desk({ files: [uploaded(7, 'setup.exe')] });
    expect(desk.take(answered(null)).input).toBeNull();
    expect(desk.conversation.leftOut).toMatchObject([{ id: 7 }]);
  });

  it.each([
    ['cannot be had', answered('unfetched')],
    ['are not answered', failed('UpstreamUnavailable', true)],
  ])('that %s come last in line, and are left out in the end', (_, outcome) => {
    const desk = new Desk({ files: [uploaded(7), uploaded(8)] });
    for (let tries = 0; tries < FETCHES; tries++) {
      expect(desk.input()).toMatchObject({ file: { id: 7 } });
      desk.take(outcome);
      desk.now += 10 * MINUTE;
      if (tries < FETCHES - 1) {
        expect(desk.input()).toMatchObject({ file: { id: 8 } });
        desk.take(answered('off'));
        desk.conversation.files.push(uploaded(8));
      }
    }
    expect([desk.conversation.files.map(({ id }) => id), desk.conversation.leftOut.map(({ id }) => id)]).toEqual([
      [8],
      [7],
    ]);
  });

  it('have their folder looked for anew after a refusal', () => {
    const desk = new Desk({ files: [uploaded(7), uploaded(8)], folderId: 3 });
    expect(desk.input()).toMatchObject({ folderId: 3 });
    desk.take(failed('NotFound'));
    expect(desk.input()).toMatchObject({ file: { id: 8 }, folderId: null });
  });

  it('that were left out are told of when the batch is through, fifty to a note', () => {
    const leftOut = Array.from({ length: 60 }, (_, id) => ({ id, name: 'x.exe', why: 'why' }));
    const desk = new Desk({ leftOut });
    expect(desk.take(answered(NOTE))).toMatchObject({ kind: 'note-left-out', input: { files: { length: 50 } } });
    expect(desk.conversation.leftOut.map(({ id }) => id)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    desk.conversation.files.push(uploaded(7));
    expect(desk.step().kind).toBe('upload-file');
  });

  it('that an unanswered note told of are told of in the same note', () => {
    const desk = new Desk(A_LEFT_OUT_FILE);
    desk.take(failed(null, true));
    desk.conversation.leftOut.push({ id: 8, name: 'y.exe', why: 'why' });
    desk.now += MINUTE;
    expect(desk.input()).toMatchObject({ files: { length: 1 }, lookFirst: true });
  });
});

describe('files for the ticket', () => {
  const idsOf = (desk: Desk): number[] => (desk.input().files as { id: number }[]).map(({ id }) => id);

  it('go five to a note, as far as a ticket takes them', () => {
    expect(idsOf(new Desk({ bring: [1, 2, 3, 4, 5, 6].map(brought) }))).toEqual([1, 2, 3, 4, 5]);
    const large = { ...brought(2), size: 20 * 1024 * 1024 };
    expect(idsOf(new Desk({ bring: [brought(1), large, brought(3)] }))).toEqual([1]);
  });

  it('are tried again as the same note', () => {
    const desk = new Desk({ bring: [1, 2].map(brought) });
    desk.take(failed('UpstreamUnavailable', true));
    desk.conversation.bring.push(brought(3));
    desk.now += MINUTE;
    expect(idsOf(desk)).toEqual([1, 2]);
  });

  it('that were refused ask once for their note, not once for each of them', () => {
    const desk = new Desk({ bring: [1, 2].map(brought) });
    desk.take(failed('Conflict'));
    expect([decide(desk.dispatch), desk.dispatch.memory.blocked.length]).toEqual([null, 1]);
    desk.conversation.bring.push(brought(3));
    expect(idsOf(desk)).toEqual([3]);
  });

  it('that the ticket does not take go as links', () => {
    const desk = new Desk({ bring: [brought(8)] });
    desk.take(answered('refused'));
    expect(desk.input()).toMatchObject({ linksOnly: true });
  });

  it('that cannot be had go alone and last, and as links in the end', () => {
    const desk = new Desk({ bring: [1, 2, 3].map(brought) });
    const tried: number[][] = [];
    for (let tries = 0; tries < 10; tries++) {
      tried.push(idsOf(desk));
      desk.take(answered('unfetched'));
      desk.now += 10 * MINUTE;
    }
    expect(tried).toEqual([[1, 2, 3], [2], [3], [1], [2], [3], [1], [2], [3], [1]]);
    expect(desk.input()).toMatchObject({ files: [{ id: 2 }], linksOnly: true });
  });
});

describe('what comes next', () => {
  it('is nothing before the order is out', () => {
    const desk = new Desk({ outDue: NOW, out: AN_ENTRY.out });
    desk.dispatch.newest!.stage = 'publish';
    expect(decide(desk.dispatch)).toBeNull();
  });

  it('goes lane by lane: what is known before what is to be read, and one lane that waits keeps no other', () => {
    const files = { files: [uploaded(7)], bring: [brought(8)] };
    const desk = new Desk({ ...AN_ENTRY, ...A_MESSAGE, ...files, outDue: NOW, inDue: NOW, bringDue: NOW });
    const taken = [1, 2, 3, 4].map(() => desk.take(failed('UpstreamUnavailable')).kind);
    expect(taken).toEqual(['post-entry', 'write-message', 'upload-file', 'bring-files']);
    expect(decide(desk.dispatch)).toBeNull();
  });

  it('drops what was for an order that is over, and says how much', () => {
    const desk = new Desk({ out: AN_ENTRY.out, files: [uploaded(7)], outDue: NOW });
    desk.take(failed('Conflict'));
    desk.dispatch.newest!.stage = 'ended';
    expect(desk.take(answered(null)).kind).toBe('order-over');
    expect(desk.conversation).toMatchObject({ out: [], files: [], outDue: null });
    expect(desk.dispatch.memory.blocked).toEqual([]);
    expect(desk.dispatch.memory.timeline.at(-1)?.detail).toBe('2 notes and files: the work order is over');
  });

  it('is the oldest visit’s first, and of a visit that was withdrawn meanwhile nothing is kept', () => {
    const desk = new Desk(AN_ENTRY);
    const step = desk.step();
    desk.dispatch.memory.visits.pop();
    evolve(desk.dispatch, step, failed('Conflict'), desk.now);
    expect(desk.dispatch.memory.blocked).toEqual([]);
  });
});
