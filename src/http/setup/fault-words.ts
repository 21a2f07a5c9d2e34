/** Faults of accounts and settings in the words of these pages: fields in the place of settings. */
import type { Fault } from '../../checks/upstream-fault';
import type { SettingsProblem } from '../../config/settings';

const WORDS: readonly [pattern: RegExp, words: string][] = [
  [/, for this FRESHDESK_DOMAIN/, ', for this help desk'],
  [
    /Correct FRESHDESK_DOMAIN .*$/,
    'Correct the address. Leave the address for API calls empty, unless you use a proxy.',
  ],
  [/for this FIELD_NATION_BASE_URL/, 'for this environment'],
  [/Correct FIELD_NATION_BASE_URL.*$/, 'Choose the right environment, or correct the address for API calls.'],
  [/; or unset (all|them)[^.]*\.$/, '.'],
];

const onPage = (text: string): string => WORDS.reduce((now, [pattern, words]) => now.replace(pattern, words), text);

export const faultWords = ({ cause, remedy }: Fault): string => onPage(`${cause}. ${remedy}`);

/** Each problem at the form field of its setting; the last one counts where a field has several. */
export const problemsAt = (
  problems: readonly SettingsProblem[],
  fields: Readonly<Record<string, string>>,
  fallback: string,
): Record<string, string> =>
  Object.fromEntries(
    problems.map(({ name, problem, remedy }) => [fields[name] ?? fallback, onPage(`This ${problem}. ${remedy}`)]),
  );
