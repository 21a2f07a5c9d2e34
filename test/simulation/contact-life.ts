/**
 * The real rules and calls of contacts through lives in which everything goes wrong at once: several senders who share, swap
 * and forget identifiers, events that come late or twice, consent that is withdrawn, answers lost before and after their
 * effect, a key that is refused, runs that go on as new ones or are reset. No contact takes what is another user id's, no tag
 * outlives a no, nobody is made twice, and the newest of what was taken in is there in the end.
 */
import assert from 'node:assert/strict';
import type { Contact, ContactAttributes } from '../../src/clients/freshdesk';
import { parseConfig } from '../../src/config/load';
import type { ContactEvent } from '../../src/contract/contact';
import { emailsOf, hasConsentTag, isPhoneAlone } from '../../src/domain/contacts/holder';
import { createEventJudge } from '../../src/temporal/contact-intake';
import type { CallEnd } from './contact-model';
import { ContactWorld, KEYS } from './contact-world';

/** Few, so that they meet. */
const PEOPLE = 4;
const MERGE_WINDOW_MS = 2000;
const CONFIGS = [
  '',
  'contacts: { newEmail: replace }',
  'contacts: { newEmail: conflict, unchangedWindow: 0s }',
  'contacts: { events: { Identified: { action: upsert }, Signed Up: { action: upsert } } }',
].map((text) => parseConfig(text, 'simulation.yaml'));
const ENDS: CallEnd[] = ['lost', 'not made', 'refused'];

/** An event as its sender wrote it, and what the intake made of it. */
interface Said {
  item: { messageId: string; [key: string]: unknown };
  hash: string;
  event: ContactEvent;
  isNo: boolean;
}

const userIdOf = ({ event }: Said): string | undefined => event.contact.unique_external_id;
const titleOf = ({ job_title: title }: Pick<ContactAttributes, 'job_title'>): string => title ?? '';

/** Every choice is a number given from outside: the same numbers are the same life. */
export class ContactLife {
  /** The course of the life in words, oldest first; kept when asked for. */
  readonly story: string[] = [];
  readonly world: ContactWorld;
  private readonly said: Said[] = [];
  private readonly judge;
  private turnsTaken = 0;
  private checked = 0;
  /** A run was reset, or its call failed for good: it does not know what it did before. */
  private hasForgotten = false;
  private isAway = false;

  constructor(
    private readonly choices: readonly number[],
    private readonly keepsStory = false,
  ) {
    const config = CONFIGS[this.choice(CONFIGS.length)] ?? CONFIGS[0]!;
    const world = new ContactWorld(
      { pick: (most) => this.choice(most), end: () => this.end() },
      config,
      MERGE_WINDOW_MS,
    );
    this.world = world;
    this.judge = createEventJudge({ keys: KEYS, config: { current: () => config }, now: () => world.clock });
  }

  private choice(most: number): number {
    return (this.choices[this.turnsTaken++] ?? 0) % most;
  }

  private get isPlaying(): boolean {
    return this.turnsTaken < this.choices.length;
  }

  private tell(what: string): void {
    if (this.keepsStory) this.story.push(`${new Date(this.world.clock).toISOString()}  ${what}`);
  }

  private end(): CallEnd {
    if (!this.isPlaying) return 'answered';
    const end = this.isAway ? 'refused' : this.choice(3) > 0 ? 'answered' : (ENDS[this.choice(ENDS.length)] ?? 'lost');
    this.hasForgotten ||= end === 'refused';
    this.tell(`a call is ${end}`);
    return end;
  }

  /** What senders, people and the engine do. */
  private async happen(): Promise<void> {
    const { world } = this;
    switch (this.choice(12)) {
      case 0:
      case 1:
      case 2:
        return this.send(this.item());
      case 3: {
        const item = this.said[this.choice(Math.max(this.said.length, 1))]?.item;
        // Sent twice, or told once more by a sender that makes a message of it each time.
        return item && this.send(this.choice(2) === 0 ? item : { ...item, messageId: `again ${this.turnsTaken}` });
      }
      case 4:
        if (world.continueAsNew()) this.tell('a run goes on as a new one');
        return;
      case 5:
        if (this.choice(3) > 0 || !world.reset()) return;
        this.hasForgotten = true;
        return this.tell('a run is reset to an earlier moment');
      case 6:
        this.isAway = !this.isAway;
        return this.tell(`Freshdesk ${this.isAway ? 'refuses' : 'takes'} the key`);
      case 7:
        world.clock += [1000, 60_000, 7_200_000][this.choice(3)] ?? 1000;
        return;
      default:
        await world.step();
    }
  }

  private item(): Said['item'] {
    const who = this.choice(PEOPLE);
    const userId = [`u${who}`, `u${who}`, undefined][this.choice(3)];
    // Mostly one's own address, else another's, or none that can be used.
    const email = [
      `p${who}@shop.example`,
      `p${who}@shop.example`,
      `p${this.choice(PEOPLE)}@shop.example`,
      'p@localhost',
    ][this.choice(userId === undefined ? 4 : 3)];
    const says = this.choice(3) > 0;
    const late = [0, 0, 1000, 30_000][this.choice(4)] ?? 0;
    const n = this.said.length;
    const phone = email === 'p@localhost' ? { phone: `+44770090000${who}` } : {};
    const traits = { email, ...phone, title: `of ${userId ?? 'none'} ${n}`, marketing_consent: says };
    const type = this.choice(4) === 0 ? { type: 'track', event: 'Signed Up' } : { type: 'identify' };
    const timestamp = new Date(this.world.clock - late).toISOString();
    return { ...type, ...(userId === undefined ? {} : { userId }), traits, messageId: `m${n}`, timestamp };
  }

  private send(item: Said['item']): void {
    const judged = this.judge(item);
    assert.ok(!('invalid' in judged), 'the sender makes proper events');
    const one =
      'accepted' in judged
        ? { hash: judged.hash, event: judged.accepted, isNo: false }
        : judged.withdrawal
          ? { hash: judged.withdrawal.hash, event: judged.withdrawal.events[0] as ContactEvent, isNo: true }
          : null;
    if (!one) return;
    this.tell(`${one.isNo ? 'a no' : 'an event'}: ${JSON.stringify(item)}`);
    this.said.push({ item, ...one });
    this.world.deliver([{ hash: one.hash, events: [one.event] }]);
  }

  /** What is true of every write. */
  private check(): void {
    const { writes } = this.world.freshdesk;
    for (const { id, before, attributes } of writes.slice(this.checked)) {
      this.tell(`contact ${id} ${before ? 'becomes' : 'is made'}: ${JSON.stringify(attributes)}`);
      const userId = before?.unique_external_id;
      if (!userId) continue;
      assert.equal(attributes.unique_external_id ?? userId, userId, `contact ${id} of ${userId} got another user id`);
      const [, owner = 'none'] = /^of (\S+) /.exec(titleOf(attributes)) ?? [];
      assert.ok(owner === 'none' || owner === userId, `contact ${id} of ${userId} took data of ${owner}`);
    }
    this.checked = writes.length;
  }

  /** @throws Error that says which promise was broken. */
  async through(): Promise<void> {
    await this.play();
    await this.comeToRest();
    this.checkEnd();
  }

  private async play(): Promise<void> {
    while (this.isPlaying) {
      await this.happen();
      this.check();
    }
  }

  /** Everything works again, and all that waits is tried. */
  private async comeToRest(): Promise<void> {
    this.isAway = false;
    for (let steps = 0; await this.world.step(); steps++) {
      this.check();
      if (steps > 10_000) throw new Error('it goes on for ever');
    }
  }

  /** What is true when all is over. */
  private checkEnd(): void {
    this.check();
    for (const one of this.said) this.checkEnding(one);
    for (const no of this.said.filter(({ isNo }) => isNo)) this.checkNo(no);
    for (const hash of new Set(this.said.map((one) => one.hash))) this.checkPerson(hash);
  }

  private outcomesOf({ event }: Said): string[] {
    return this.world.outcomes.get(event.key) ?? [];
  }

  /** One outcome for each time that it came in; a run that is reset may find another one. */
  private checkEnding(one: Said): void {
    const times = this.said.filter(({ event }) => event.key === one.event.key).length;
    const outcomes = this.outcomesOf(one);
    assert.equal(outcomes.length, times, `${one.item.messageId} ended as ${outcomes.join(', ') || 'nothing'}`);
  }

  private isRepeat(one: Said): boolean {
    return this.said.find(({ event }) => event.key === one.event.key) !== one;
  }

  private checkNo(no: Said): void {
    if (this.outcomesOf(no).includes('conflict')) return;
    const isOf = ({ event: { contact } }: Said, holder: Contact): boolean =>
      (contact.unique_external_id !== undefined && contact.unique_external_id === holder.unique_external_id) ||
      (contact.email !== undefined && emailsOf(holder).includes(contact.email));
    const fits = (one: Said, { unique_external_id: userId }: Contact): boolean =>
      userIdOf(one) === undefined || !userId || userId === userIdOf(one);
    const atOf = ({ event }: Said): number => event.at ?? event.receivedAt;
    for (const holder of this.world.freshdesk.contacts.values()) {
      if (!hasConsentTag(holder) || !isOf(no, holder) || !fits(no, holder)) continue;
      const isLater = (one: Said): boolean =>
        !one.isNo && atOf(one) > atOf(no) && isOf(one, holder) && fits(one, holder);
      assert.ok(this.said.some(isLater), `contact ${holder.id} has its tag after the no ${no.item.messageId}`);
    }
  }

  /** Known by an address alone, which a contact has lost to another one (`newEmail: replace`): nobody has it any more. */
  private wasReplaced(one: Said): boolean {
    const { email } = one.event.contact;
    return (
      userIdOf(one) === undefined &&
      this.world.freshdesk.writes.some(
        ({ before, attributes }) => before?.email === email && (attributes.email ?? email) !== email,
      )
    );
  }

  /** Events of one run are of one person: nobody is made twice, and what came last is what is there. */
  private checkPerson(hash: string): void {
    const own = this.said.filter((one) => one.hash === hash && !one.isNo && !this.isRepeat(one));
    const placeOf = (attributes: ContactAttributes): number =>
      own.findLastIndex(({ event }) => titleOf(event.contact) === titleOf(attributes));
    const writes = this.world.freshdesk.writes.filter(({ attributes }) => placeOf(attributes) >= 0);
    const made = writes.filter(({ before }) => before === null);
    // Freshdesk takes two contacts with one number.
    const mayDouble = this.hasForgotten && own.every(({ event }) => isPhoneAlone(event.contact));
    assert.ok(
      mayDouble || own.every((one) => this.wasReplaced(one)) || made.length <= 1,
      `${made.length} contacts were made of one person`,
    );
    const last = writes.at(-1);
    const newest = own.findLastIndex(
      (one) =>
        one.event.action === 'upsert' && this.outcomesOf(one).some((it) => /^(created|updated|unchanged)$/.test(it)),
    );
    if (newest < 0) return;
    assert.ok(last, `${own[newest]?.item.messageId} never came to Freshdesk`);
    assert.ok(placeOf(last.attributes) >= newest, `${own[newest]?.item.messageId} was lost behind an older event`);
  }
}

/** @throws Error that says which promise was broken. */
export const liveContacts = (choices: readonly number[]): Promise<void> => new ContactLife(choices).through();
