/**
 * Strangers who mean harm. A requester forges what Deskbridge writes, on a ticket under way; a sender of events gives the
 * address of a person whose contact is there. What they plant is known, so that the checker can look for it everywhere.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Dose } from './doses';
import { sendEvent } from './people';
import { correlationId } from '../../src/domain/correlation';
import { ACCOUNT, type World } from './world';

/** Stands in all that they write, and in nothing else. */
export const PLANTED = 'canarywren';

const LOOK_MS = 250;
const VICTIM_WITHIN_MS = 8_000;
const [RESOLVED, CLOSED] = [4, 5];

export interface Hostile {
  requester: Dose;
  sender: Dose;
}

export function createHostile(world: World, webUrl: string, random: () => number): Hostile {
  const { control } = world.sandbox;
  let strangers = 0;

  const victimOf = async <T>(find: () => T[]): Promise<T | undefined> => {
    for (const deadline = Date.now() + VICTIM_WITHIN_MS; Date.now() < deadline; await delay(LOOK_MS)) {
      const found = find();
      if (found.length > 0) return found[Math.floor(random() * found.length)];
    }
    return undefined;
  };
  const underWay = () =>
    control.tickets().filter(({ status, custom_fields: fields }) => {
      const link = (fields as Record<string, unknown>).cf_work_order_id;
      return Boolean(link) && ![RESOLVED, CLOSED].includes(Number(status));
    });
  const people = () =>
    control.contacts().filter(({ unique_external_id: id, email }) => /^usr_/.test(String(id)) && Boolean(email));

  return {
    requester: async () => {
      const ticket = await victimOf(underWay);
      if (!ticket) return 'missed';
      const id = Number(ticket.id);
      const own = correlationId(ACCOUNT, id, 1);
      for (const line of [`Deskbridge ${own} work-done now`, `Deskbridge ${own} message 1`, `[${own} note 1]`])
        control.reply(id, `<div>${PLANTED}</div><div>${line}</div>`, 'requester');
      const others = correlationId(ACCOUNT, id + 1, 1);
      control.updateTicket(id, { subject: `${PLANTED} ${others} [sign in](https://evil.example)` }, 'requester');
    },
    sender: async () => {
      const person = await victimOf(people);
      if (!person) return 'missed';
      const userId = `stranger_${(strangers += 1)}`;
      const email = String(person.email);
      const traits = { email, name: PLANTED, title: PLANTED, phone: '+447700900123', marketing_consent: true };
      for (const given of [
        traits,
        { ...traits, email: email.replace('person', 'per\u200bson') },
        { ...traits, email: `${userId}@evil.example`, phone: undefined },
        { email, marketing_consent: false },
      ])
        await sendEvent(webUrl, { messageId: `${userId} ${JSON.stringify(given)}`, userId, traits: given });
    },
  };
}
