/** The result of a replay as people read it. */
import type { ReplayResult } from './run';

const SHOWN = 20;

export const isSound = ({ faults }: ReplayResult): boolean => faults.length === 0;

export const reportOf = (result: ReplayResult): string => {
  const { seed, people, refused, seconds, sent, downs, contacts, repeats, faults } = result;
  const { events, newer, withdrawn } = sent;
  return [
    `Seed ${seed}: ${refused} events of ${people} people were refused. One command sent ${events} of them again; ${newer} had a newer event, ${withdrawn} no consent any more.`,
    `The counting took ${seconds.counting.toFixed(1)} s, all until the last contact ${seconds.sending.toFixed(0)} s. Killed ${downs.length} times.`,
    ...downs.map(({ what, from, to }) => `Killed ${what}: all ran again after ${((to - from) / 1000).toFixed(1)} s.`),
    `${contacts} contacts; ${repeats} calls wrote one that a killed process had written already.`,
    faults.length === 0
      ? 'One contact for each person, none twice, none without consent, and the newest event everywhere.'
      : `Faults: ${faults.length}`,
    ...faults.slice(0, SHOWN).map((fault) => `  ${fault}`),
  ].join('\n');
};
