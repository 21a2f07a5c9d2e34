/** Lives as numbers: what fast-check draws, shrinks and draws again from a seed. */
import fc from 'fast-check';
import { ContactLife, liveContacts } from './contact-life';
import { converse } from './conversation-life';
import { Life, live } from './life';

const choices = (most: number): fc.Arbitrary<number[]> => fc.array(fc.nat(1 << 16), { maxLength: most, size: 'max' });

export const LIVES = choices(60);
/** An event takes more choices than a step of a dispatch. */
export const CONTACT_LIVES = choices(120);

async function contactStory(given: readonly number[]): Promise<string[]> {
  const life = new ContactLife(given, true);
  const broken = await failureOf(() => life.through());
  const contacts = JSON.stringify([...life.world.freshdesk.contacts.values()]);
  return [...life.story, `\nContacts: ${contacts}`, `\nBroken: ${broken}`];
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

interface Kind {
  /** Fails when a promise was broken. */
  property: fc.IRawProperty<[number[]]>;
  /** The same life once more, in words. */
  story(given: readonly number[]): Promise<string[]>;
}

export const KINDS: Record<'dispatch' | 'conversation' | 'contact', Kind> = {
  dispatch: { property: fc.property(LIVES, (given) => void live(given)), story: dispatchStory },
  conversation: { property: fc.property(LIVES, (given) => void converse(given)), story: conversationStory },
  contact: { property: fc.asyncProperty(CONTACT_LIVES, (given) => liveContacts(given)), story: contactStory },
};
export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as KindName[];
