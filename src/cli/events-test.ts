/** `events test`: one event through all gates and the mapping of the config file. Nothing is sent, nothing needs to run. */
import { NOTHING } from '../config/settings-needs';
import { readFileSync } from 'node:fs';
import { loadConfigFile } from '../config/load';
import { tryEvent, type EventTrial } from '../domain/contacts';
import { readSettings } from './context';
import { UsageError } from '../command-errors';
import { plain, printJson } from './output';

/** @throws UsageError when there is no event in the file. */
export async function testEvent(file: string, json: boolean): Promise<void> {
  const { contacts } = await loadConfigFile(readSettings(NOTHING).configFile);
  const trial = tryEvent(readEvent(file), contacts);
  if (json) printJson(trial);
  else print(trial);
}

function readEvent(file: string): unknown {
  const name = file === '-' ? 'standard input' : file;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${name} does not hold JSON. Give one event as your library sends it, with its type.`);
  }
}

function print({ outcome, reason, gates, body, notes }: EventTrial): void {
  console.log(`${outcome}${reason === null ? '' : `: ${plain(reason)}`}`);
  for (const { gate, passed, detail } of gates) {
    console.log(`  ${passed ? 'passes  ' : 'stops at'} ${gate.padEnd(15)} ${plain(detail)}`);
  }
  for (const note of notes) console.log(`  note     ${plain(note)}`);
  if (body !== null) console.log(`The contact for Freshdesk; nothing is sent:\n${plainJson(body)}`);
}

/** Values of the event may hold what a terminal would obey; JSON writes most of it as escapes. */
const plainJson = (value: unknown): string => JSON.stringify(value, null, 2).split('\n').map(plain).join('\n');
