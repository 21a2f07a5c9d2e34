/**
 * What two systems hold of one conversation: what people write and attach on the ticket and in the work order, and what was
 * carried over. It answers each call as the activities do, with the faults that the test chooses.
 */
import type { BringFilesInput, PostEntryInput, ReadEntriesInput } from '../../src/contract/conversation-calls';
import type { TicketLook } from '../../src/contract/ticket-calls';
import { firstEntries } from '../../src/domain/conversation/markers';
import type { CallStep } from '../../src/domain/conversation/steps';
import type { FileRef } from '../../src/domain/files';
import type { OrderEvent } from '../../src/domain/order-event';
import { RULES, World } from './core-world';

interface Entry {
  id: number;
  createdAt: string;
  /** What our note carries; null: a person wrote it. */
  carries: string | null;
  files: FileRef[];
}

interface Message {
  id: number;
  /** The entry that our message carries; null: somebody else wrote it. */
  carries: number | null;
}

const ORDER = 901;

export class ConversationWorld {
  now = Date.UTC(2027, 1, 27, 9);
  updatedAt = this.second();
  entries: Entry[] = [];
  messages: Message[] = [];
  /** Of the ticket in the order's documents, and of the provider. */
  documents: number[] = [];
  deliverables: FileRef[] = [];
  /** What Field Nation has still to tell. */
  events: OrderEvent[] = [];
  isOver = false;
  /** What was given to somebody a second time, or after the order was over. */
  readonly wrongs: string[] = [];
  private lastId = 100;

  second(): string {
    return new Date(Math.floor(this.now / 1000) * 1000).toISOString();
  }

  write(files: string[], carries: string | null = null): Entry {
    const refs = files.map((name) => ({ id: ++this.lastId, name, size: 1000, type: null }));
    const entry = { id: ++this.lastId, createdAt: this.second(), carries, files: refs };
    this.entries.push(entry);
    this.updatedAt = this.second();
    return entry;
  }

  say(carries: number | null = null): void {
    const id = ++this.lastId;
    this.messages.push({ id, carries });
    this.events.push({ ...this.event('workorder.message_posted'), messageId: id });
  }

  bring(): void {
    this.deliverables.push({ id: ++this.lastId, name: 'done.jpg', size: 1000, type: null });
    this.events.push(this.event('workorder.provider_upload'));
  }

  event(name: string): OrderEvent {
    return {
      ...{ key: `${name} ${++this.lastId}`, name, at: this.second(), status: null, workOrderId: ORDER, title: null },
      ...{ correlationId: null, closingNotes: null, hours: null, start: null, provider: null },
      counts: { messages: this.messages.length, files: this.deliverables.length },
    };
  }

  look(): TicketLook {
    const conversation = { entries: true, files: true, deliverables: true };
    return {
      ...{ sight: new World().sight(), updatedAt: this.updatedAt, createdAt: this.updatedAt, lastEntryAt: null },
      ...{ rules: { ...RULES, conversation }, plan: null, update: null, content: null, files: [] },
      ...{ unknownStatuses: [], matchedBefore: null },
    };
  }

  private note(carries: string, lookFirst: boolean): unknown {
    const isThere = this.entries.some((entry) => entry.carries === carries);
    if (isThere && !lookFirst) this.wrongs.push(`${carries} was noted twice`);
    const entry = isThere ? this.entries.find((it) => it.carries === carries)! : this.write([], carries);
    return { noteId: entry.id, createdAt: entry.createdAt };
  }

  private readEntries({ since, lastId, lastAt, page }: ReadEntriesInput): unknown {
    const fresh = this.entries.filter(
      ({ id, createdAt }) => createdAt > since && (id > lastId || createdAt > (lastAt ?? '')),
    );
    const persons = fresh.filter(({ carries }) => carries === null);
    const taken = firstEntries(persons, () => 1);
    const all = taken.length === persons.length;
    const last = all ? fresh : fresh.slice(0, fresh.indexOf(taken.at(-1)!) + 1);
    return {
      entries: taken.map(({ id }) => ({ id, kind: 'note', head: 'Note:', text: `entry ${id}` })),
      files: taken.flatMap(({ files }) => files.map((file) => ({ ...file, page }))),
      ...{ page, fresh: false, lastId: Math.max(lastId, ...last.map(({ id }) => id)), more: !all },
      lastAt: last.reduce((most, { createdAt }) => (createdAt > most ? createdAt : most), lastAt ?? '') || null,
    };
  }

  /** What of the thread is new. */
  private judge({ seen, floor }: PostEntryInput['messagesSeen']): unknown {
    const fresh = this.messages.filter(({ id }) => id > floor && !seen.includes(id));
    const others = fresh.filter(({ carries }) => carries === null);
    const taken = firstEntries(others, () => 1);
    return {
      messages: taken.map(({ id }) => ({ id, author: 'Lee', role: 'provider', text: `message ${id}`, isReply: false })),
      ours: fresh.flatMap(({ id, carries }) => (carries === null ? [] : [id])),
      carried: fresh.flatMap(({ carries }) => carries ?? []),
      ...{ more: taken.length < others.length, count: this.messages.length, self: 9 },
    };
  }

  private post({ entry, lookFirst, messagesSeen }: PostEntryInput): unknown {
    if (this.isOver) this.wrongs.push(`entry ${entry.id} went to an order that is over`);
    const isThere = this.messages.some(({ carries }) => carries === entry.id);
    if (isThere && !lookFirst) this.wrongs.push(`entry ${entry.id} was posted twice`);
    if (!isThere || !lookFirst) this.say(entry.id);
    return { audience: 'staff', ...(this.judge(messagesSeen) as object) };
  }

  private bringFiles({ files, lookFirst }: BringFilesInput): unknown {
    const noted = new Set(this.entries.flatMap(({ carries }) => carries?.split(' ').slice(1) ?? []));
    const carries = `files ${files.map(({ id }) => id).join(' ')}`;
    const isSame = this.entries.some((entry) => entry.carries === carries);
    if (!isSame && files.some(({ id }) => noted.has(String(id)))) this.wrongs.push(`${carries}: some came twice`);
    return this.note(carries, lookFirst);
  }

  /** Carries a call out. */
  answer(step: CallStep): unknown {
    const { kind, input } = step;
    if (input === null) throw new Error('nothing to call');
    switch (kind) {
      case 'read-entries':
        return this.readEntries(input);
      case 'post-entry':
        return this.post(input);
      case 'read-messages':
        return this.judge(input.messagesSeen);
      case 'write-message':
        return this.note(`message ${input.message.id}`, input.lookFirst);
      case 'upload-file': {
        if (this.isOver) this.wrongs.push(`file ${input.file.id} went to an order that is over`);
        const isThere = this.documents.includes(input.file.id);
        if (isThere && !input.lookFirst) this.wrongs.push(`file ${input.file.id} was uploaded twice`);
        if (!isThere) this.documents.push(input.file.id);
        return { folderId: 3, leftOut: null };
      }
      case 'note-left-out':
        return this.note(`left-out ${input.files.map(({ id }) => id).join(' ')}`, input.lookFirst);
      case 'read-deliverables': {
        const { seen, floor } = input.brought;
        const files = this.deliverables.filter(({ id }) => id > floor && !seen.includes(id)).slice(0, 20);
        return { files, count: this.deliverables.length, more: false };
      }
      case 'bring-files':
        return this.bringFiles(input);
    }
  }
}
