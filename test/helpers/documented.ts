/** The commands that the README, CONTRIBUTING.md and docs/ tell people to type. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

export interface Documented {
  /** Of the document, from the project's root, and the line in it. */
  place: string;
  /** As typed, without its comment; continued lines and those of one text stay together. */
  command: string;
}

const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
  'CONTRIBUTING.md',
].filter((name) => name.endsWith('.md'));
const textOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

/** Every command of every shell block, in the order of the documents. */
export const documentedCommands = (): Documented[] => DOCUMENTS.flatMap(commandsOf);

/** Those of sentences and tables, such as `npm run faults -- --seed 1`; lines of `temporal` there are names, not whole. */
export function commandsInSentences(): Documented[] {
  return DOCUMENTS.flatMap((document) => {
    const text = textOf(document).replace(/^ *```[\s\S]*?^ *```/gm, (block) => block.replace(/[^\n]/g, ' '));
    const spans = text.matchAll(/`((?:npx|npm|deskbridge|kill|docker-compose|kubectl) [^`]+)`/g);
    return [...spans].map(({ 1: command = '', index }) => ({
      place: `${document}:${text.slice(0, index).split('\n').length}`,
      command: command.replace(/\s+/g, ' '),
    }));
  });
}

function commandsOf(document: string): Documented[] {
  const found: Documented[] = [];
  let inBlock = false;
  let held = '';
  for (const [index, line] of textOf(document).split('\n').entries()) {
    if (/^ *```/.test(line)) {
      inBlock = !inBlock && /^ *```(sh|bash|shell|console)$/.test(line);
      continue;
    }
    if (!inBlock || (held === '' && line.trim() === '')) continue;
    held += `${held && '\n'}${line.replace(/^ {3}(?=\S)/, '')}`;
    const command = ended(held);
    if (command === null) continue;
    found.push({ place: `${document}:${index + 1}`, command });
    held = '';
  }
  if (held !== '') throw new Error(`${document}: a shell block ends within the command ${held}`);
  return found;
}

/** The command without its comment, or null while it goes on in the next line. */
function ended(text: string): string | null {
  let quote = '';
  for (const [index, char] of [...text].entries()) {
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '#' && /\s/.test(text[index - 1] ?? ' ')) return text.slice(0, index).trim();
  }
  return quote || text.endsWith('\\') ? null : text.trim();
}

/** What runs a command: a test that reads them from the documents, or null where it has a test, or none, of its own. */
export function runnerOf(command: string): 'shell' | 'temporal' | 'rolling restart' | 'setting' | null {
  if (/^(npx deskbridge (?!demo|approve 4711)|curl |kill -HUP |KEY=|echo )/.test(command)) return 'shell';
  if (command.startsWith('temporal worker deployment ')) return 'rolling restart';
  if (command.startsWith('temporal ')) return 'temporal';
  return /^[A-Z][A-Z_]+=\S+$/.test(command) ? 'setting' : null;
}

/** Tests that a page names, each as its file and words of its title. */
export const namedTests = (page: string): (readonly [file: string, title: string])[] =>
  [...page.matchAll(/`(test\/[\w./-]+)`, "([^"]+)"/g)].map(([, file = '', title = '']) => [file, title] as const);
