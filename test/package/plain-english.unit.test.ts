/** What people read is short, in short sentences, and in their own words. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { textsOf } from '../helpers/texts';

const ROOT = resolve(__dirname, '../..');
const LONGEST = 25;
const README_WORDS = 900;
const PAGES = ['src/http/setup', 'src/http/status', 'sandbox/page'];
const SPEAKS = ['src', 'activities', 'workflows', 'engine', 'sandbox/page'];
/** Words that nobody in a help desk uses so. */
const ODD = /\b(mend(s|ed|ing)?|heed(s|ed)?|tells|gone on with|is none of|no webhook told)\b/i;

const textOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

/** The sentences of a document: no code blocks; a row of a table, an item of a list and a heading end theirs. */
function sentencesOf(markdown: string): string[] {
  return markdown
    .replace(/^ *```[\s\S]*?^ *```$/gm, '\n\n')
    .replace(/`[^`]*`/g, 'code')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^ *(#+|-|\d+\.|\|)/gm, '\n\n$1')
    .split(/\n\s*\n|\s\|\s|(?<=[.!?:;][*”)]*)\s+/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim());
}

const wordsOf = (sentence: string): number => sentence.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;

it.each([
  ...['README.md', 'docs/setup.md', 'docs/settings.md', 'docs/operations.md', 'docs/mapping.md', 'docs/contacts.md'],
  ...['docs/temporal.md', 'CONTRIBUTING.md', 'sandbox/README.md', 'engine/README.md'],
])('says nothing in more than 25 words at once: %s', (document) => {
  expect(sentencesOf(textOf(document)).filter((sentence) => wordsOf(sentence) > LONGEST)).toEqual([]);
});

it('finds a sentence that is too long, wherever it stands', () => {
  const long = 'word '.repeat(LONGEST + 1).trim();
  const text = `# A\n\nShort one. ${long}.\n\n- ${long}\n\n| a | ${long} |\n`;
  expect(sentencesOf(text).filter((sentence) => wordsOf(sentence) > LONGEST)).toHaveLength(3);
});

it('says nothing on a page in more than 25 words at once', () => {
  const pages = textsOf(ROOT, PAGES).flatMap(({ place, text }) => sentencesOf(text).map((one) => ({ place, one })));
  expect(pages.length).toBeGreaterThan(500);
  expect(pages.filter(({ one }) => wordsOf(one) > LONGEST)).toEqual([]);
});

it('says in no page, command, error, note or summary what only its makers would say', () => {
  expect(textsOf(ROOT, SPEAKS).filter(({ text }) => wordsOf(text) > 2 && ODD.test(text))).toEqual([]);
});

it('keeps the README short', () => {
  expect(textOf('README.md').split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(README_WORDS);
});

it('explains at most twelve words of ours', () => {
  const [, glossary = ''] = textOf('README.md').split('## Our words');
  const words = glossary.split('\n## ')[0]?.match(/^- \*\*/gm) ?? [];
  expect(words.length).toBeGreaterThan(0);
  expect(words.length).toBeLessThanOrEqual(12);
});
