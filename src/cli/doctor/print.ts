/** The doctor's lines for people: a mark, what was looked at, how it stands, and under it what to do. */
import { byClock } from '../clock';
import { plain } from '../output';
import type { Finding, Level } from '../../checks/finding';

/** Upstream calls, the token's included. */
export interface Used {
  freshdesk: number;
  fieldNation: number;
}

const MARKS: Record<Level, { mark: string; word: string; colour: number }> = {
  green: { mark: '✔', word: 'ok', colour: 32 },
  yellow: { mark: '!', word: 'look', colour: 33 },
  red: { mark: '✘', word: 'wrong', colour: 31 },
};

export function printFinding({ area, level, what, detail, remedy }: Finding): void {
  const { mark, word, colour } = MARKS[level];
  const shown = process.stdout.isTTY ? `\u001b[${colour}m${mark}\u001b[0m` : `${mark} ${word.padEnd(5)}`;
  console.log(`${shown} ${area.padEnd(12)} ${plain(what)}: ${plain(byClock(detail))}`);
  if (remedy !== null) console.log(`${' '.repeat(process.stdout.isTTY ? 15 : 21)}→ ${plain(remedy)}`);
}

export function printSummary(findings: readonly Finding[], used: Used, settingsBroken: boolean): void {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const [red, yellow] = [count('red'), count('yellow')];
  const said = [red > 0 ? `${red} wrong` : null, yellow > 0 ? `${yellow} to look at` : null].filter(
    (text) => text !== null,
  );
  console.log(`\n${said.length === 0 ? 'All is well.' : `${said.join(', ')}.`}`);
  if (settingsBroken) console.log('Temporal and the accounts are looked at once the settings are right.');
  else console.log(`Calls made: ${used.freshdesk} to Freshdesk, ${used.fieldNation} to Field Nation.`);
}
