/** The texts in the code that people may read: literals of more than one word, without their markup. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface TextInCode {
  /** File and line. */
  place: string;
  /** `…` in the place of each value; blank lines where a block of markup ends. */
  text: string;
}

const INLINE = /<\/?(a|b|code|em|i|span|strong)\b[^>]*>/g;

export const textsOf = (root: string, folders: readonly string[]): TextInCode[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => textsIn(root, join(folder, name))),
  );

function textsIn(root: string, file: string): TextInCode[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: TextInCode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const text = literalOf(node);
    if (text?.includes(' ')) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ place: `${file}:${line}`, text: text.replace(INLINE, '').replace(/<[^>]*>/g, '\n\n') });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function literalOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}
