/** A question that only a person at a terminal can answer. */
import { createInterface } from 'node:readline/promises';

/** False without a question where nobody sits at a terminal, and with `json`, whose output is for programs. */
export async function agrees(question: string, json: boolean): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
