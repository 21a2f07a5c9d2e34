/** Lives as numbers: what fast-check draws, shrinks and draws again from a seed. */
import fc from 'fast-check';
import { ContactLife, liveContacts } from './contact-life';
import { converse } from './conversation-life';
import { Life, live } from './life';
import { liveSweeps, SweepLife } from './sweep-life';

const choices = (most: number): fc.Arbitrary<number[]> => fc.array(fc.nat(1 << 16), { maxLength: most, size: 'max' });

export const LIVES = choices(60);
/** An event takes more choices than a step of a dispatch. */
export const CONTACT_LIVES = choices(120);

/** An account has several tickets, and a sweep many calls. */
export const SWEEP_LIVES = choices(400);

async function contactStory(given: readonly number[]): Promise<string[]> {
  const life = new ContactLife(given, true);
  const broken = await failureOf(() => life.through());
  const contacts = JSON.stringify([...life.world.freshdesk.contacts.values()]);
  return [...life.story, `\nContacts: ${contacts}`, `\nBroken: ${broken}`];
}

async function sweepStory(given: readonly number[]): Promise<string[]> {
  const life = new SweepLife(given, true);
  const broken = await failureOf(() => life.through());
  return [...life.story, `\nBroken: ${broken}`];
}

const conversationStory = async (given: readonly number[]): Promise<string[]> => [
  `Broken: ${await failureOf(() => void converse(given))}`,
];

async function dispatchStory(given: readonly number[]): Promise<string[]> {
  const life = new Life(given, true);
  const broken = await failureOf(() => {
    life.play();
    life.comeToRest();
    life.checkEnd();
  });
  return [
    ...life.story,
    "\nThe last run's own timeline:",
    ...life.run.memory.timeline.map(({ at, what, detail }) => `${at}  ${what}: ${detail}`),
    `\nWork orders: ${JSON.stringify(life.world.orders)}`,
    `\nBroken: ${broken}`,
  ];
}

async function failureOf(lived: () => void | Promise<void>): Promise<string> {
  try {
    await lived();
    return 'it did not fail again';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A life of sweeps takes long to live again: after so long, in ms, no shorter one is looked for. */
const SHRINK_MS = 30_000;

function shrunkInTime(live: (given: readonly number[]) => Promise<void>): (given: number[]) => Promise<void> {
  let failedAt: number | null = null;
  return async (given) => {
    if (failedAt !== null && performance.now() - failedAt > SHRINK_MS) return;
    await live(given).catch((error: unknown) => {
      failedAt ??= performance.now();
      throw error;
    });
  };
}

interface Kind {
  /** Fails when a promise was broken. */
  property: fc.IRawProperty<[number[]]>;
  /** The same life once more, in words. */
  story(given: readonly number[]): Promise<string[]>;
}

export const KINDS: Record<'dispatch' | 'conversation' | 'contact' | 'sweep', Kind> = {
  dispatch: { property: fc.property(LIVES, (given) => void live(given)), story: dispatchStory },
  conversation: { property: fc.property(LIVES, (given) => void converse(given)), story: conversationStory },
  contact: { property: fc.asyncProperty(CONTACT_LIVES, (given) => liveContacts(given)), story: contactStory },
  sweep: { property: fc.asyncProperty(SWEEP_LIVES, shrunkInTime(liveSweeps)), story: sweepStory },
};
export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as KindName[];
