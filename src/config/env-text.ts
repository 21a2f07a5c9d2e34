/**
 * Changes settings in the text of a `.env` file. Promise: pure; lines that are not meant stay as they are, comments too, and
 * Node reads exactly what was asked for from the result.
 */
import { parseEnv } from 'node:util';

/** Name of a setting → its new value; null takes it away. */
export type EnvChanges = Readonly<Record<string, string | null>>;

/** The text cannot be changed as asked; the message names the setting and what to do, and repeats no value. */
export class EnvTextError extends Error {
  override readonly name = 'EnvTextError';
}

/** What a `.env` text sets. */
export const readEnvText = (text: string): Record<string, string> =>
  text === '' ? {} : ({ ...parseEnv(text) } as Record<string, string>);

/** The text with the changes. @throws EnvTextError when a value, or the file as it is, cannot be written so that Node reads it back. */
export function editEnvText(text: string, changes: EnvChanges): string {
  if (Object.keys(changes).length === 0) return text;
  // Node reads such files since 20.12.
  if (typeof parseEnv !== 'function')
    throw new EnvTextError(`Node ${process.versions.node} cannot read .env. Use Node 20.12 or newer.`);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const edited = Object.entries(changes).reduce((all, [name, value]) => editLines(all, name, value), lines);
  const result = edited.length === 0 ? '' : `${edited.join(eol)}${eol}`;
  const [before, after] = [readEnvText(text), readEnvText(result)];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(changes)])) {
    const wanted = Object.hasOwn(changes, name) ? (changes[name] ?? undefined) : before[name];
    if (after[name] !== wanted)
      throw new EnvTextError(`${name}: the .env file cannot be changed here. Edit it yourself; check its quotes.`);
  }
  return result;
}

function editLines(lines: readonly string[], name: string, value: string | null): string[] {
  const there = assignments(lines).filter((one) => one.name === name);
  const last = there.at(-1);
  const kept = lines.flatMap((line, index) => {
    const within = there.find(({ from, to }) => index >= from && index <= to);
    if (within === undefined) return [line];
    return within === last && index === within.from && value !== null ? [`${name}=${quoted(name, value)}`] : [];
  });
  if (value === null || last !== undefined) return kept;
  const sample = kept.findIndex((line) => new RegExp(`^#\\s*${name}=`).test(line));
  const at = sample === -1 ? kept.length : sample + 1;
  return [...kept.slice(0, at), `${name}=${quoted(name, value)}`, ...kept.slice(at)];
}

/** Lines `from` to `to`, both counted from 0. */
interface Assignment {
  name: string;
  from: number;
  to: number;
}

/** A value in quotes may go over several lines. */
function assignments(lines: readonly string[]): Assignment[] {
  const found: Assignment[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(lines[index] ?? '') ?? [];
    if (name === undefined) continue;
    const from = index;
    const quote = /^['"`]/.exec(value)?.[0];
    if (quote !== undefined && !value.slice(1).includes(quote)) {
      const end = lines.findIndex((line, at) => at > from && line.includes(quote));
      if (end !== -1) index = end;
    }
    found.push({ name, from, to: index });
  }
  return found;
}

/** Node takes single quotes and backticks as they are; in double ones `\n` would become a new line. */
function quoted(name: string, value: string): string {
  if (/^[\w./:@+=,-]*$/.test(value)) return value;
  if (/\p{Cc}/u.test(value)) throw new EnvTextError(`${name}: holds a line break or control character. Copy it again.`);
  const quote = ["'", '`', '"'].find((one) => !value.includes(one) && (one !== '"' || !value.includes('\\')));
  if (quote === undefined)
    throw new EnvTextError(`${name}: holds all kinds of quotes. Put it into a file and set ${name}_FILE to its path.`);
  return `${quote}${value}${quote}`;
}
