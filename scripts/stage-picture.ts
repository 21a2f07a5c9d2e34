/** Draws the stages of a visit into docs/architecture.md, from the table itself: `node scripts/draw-stages.js`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawStages } from '../src/domain/dispatch/stages';

export const DOCUMENT = join(__dirname, '..', 'docs', 'architecture.md');

const BLOCK = /(<!-- stages -->\n\n```mermaid\n)[\s\S]*?(\n```)/;

/** The document with the picture of the table as it is. @throws Error where the document has no place for it. */
export function withStages(text: string): string {
  if (!BLOCK.test(text)) throw new Error('docs/architecture.md has no block after <!-- stages -->');
  return text.replace(BLOCK, (_, before: string, after: string) => before + drawStages() + after);
}

export function main(): void {
  writeFileSync(DOCUMENT, withStages(readFileSync(DOCUMENT, 'utf8')));
}
