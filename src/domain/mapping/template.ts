/**
 * Templates: `{{path}}` puts a value in, `{{#path}}…{{/path}}` keeps its inside only when there is a value (and it is
 * not false), `{{^path}}…{{/path}}` only when there is none. No loops, no expressions. Source: interface, section 7.
 */
import { htmlToText, textToHtml } from '../text';
import { helpDesk } from './help-desk';
import { pathFault, readPath } from './sources';
import type { MappingSources, PathFault } from './sources';
import { asText, isPresent } from './values';

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: string }
  | { kind: 'part'; path: string; whenPresent: boolean; nodes: Node[] };

interface Template {
  nodes: Node[];
  /** Of the values that are put in. */
  paths: string[];
  /** Of the optional parts. */
  conditions: string[];
  faults: PathFault[];
}

const DEEPEST = 20;

function parse(template: string): Template {
  const result: Template = { nodes: [], paths: [], conditions: [], faults: [] };
  const open: { path: string; nodes: Node[] }[] = [{ path: '', nodes: result.nodes }];
  const here = (): Node[] => open.at(-1)?.nodes ?? result.nodes;
  let position = 0;
  for (;;) {
    const start = template.indexOf('{{', position);
    here().push({ kind: 'text', text: template.slice(position, start < 0 ? undefined : start) });
    if (start < 0) break;
    const end = template.indexOf('}}', start);
    if (end < 0) {
      result.faults.push({ message: 'a "{{" is never closed', hint: 'close it with "}}"' });
      break;
    }
    position = end + 2;
    take(template.slice(start + 2, end).trim());
  }
  for (const { path } of open.slice(1)) {
    result.faults.push({ message: `"{{#${path}}}" is never closed`, hint: `close it with "{{/${path}}}"` });
  }
  return result;

  function take(tag: string): void {
    const mark = tag[0];
    const path = mark === '#' || mark === '^' || mark === '/' ? tag.slice(1).trim() : tag;
    if (mark === '/') {
      if (open.length > 1 && open.at(-1)?.path === path) open.pop();
      else result.faults.push({ message: `"{{/${path}}}" closes nothing`, hint: 'close the part opened last' });
      return;
    }
    (mark === '#' || mark === '^' ? result.conditions : result.paths).push(path);
    if (mark !== '#' && mark !== '^') here().push({ kind: 'value', path });
    else if (open.length > DEEPEST) result.faults.push({ message: 'parts are nested too deep', hint: 'use fewer' });
    else {
      const nodes: Node[] = [];
      here().push({ kind: 'part', path, whenPresent: mark === '#', nodes });
      open.push({ path, nodes });
    }
  }
}

/** Everything wrong with a template whose paths may start at one of `roots`. */
export function templateFaults(template: string, roots: readonly string[]): PathFault[] {
  const { faults, paths, conditions } = parse(template);
  const found = [
    ...paths.map((path) => pathFault(path, roots)),
    ...conditions.map((path) => pathFault(path, roots, false)),
  ];
  return [...faults, ...found.filter((fault) => fault !== null)];
}

/** The paths that a template names, each once. */
export function templatePaths(template: string): string[] {
  const { paths, conditions } = parse(template);
  return [...new Set([...paths, ...conditions])];
}

/** Fills a template; `show` turns the value at a path into text. Total: what is malformed is left out. */
export function fillTemplate(
  template: string,
  sources: MappingSources,
  show: (value: unknown, path: string) => string,
): string {
  const fill = (nodes: Node[]): string => nodes.map(fillNode).join('');
  const fillNode = (node: Node): string => {
    if (node.kind === 'text') return node.text;
    const value = readPath(node.path, sources);
    if (node.kind === 'value') return show(value, node.path);
    return isPresent(value) === node.whenPresent ? fill(node.nodes) : '';
  };
  return fill(parse(template).nodes);
}

/** Sources whose value is HTML already; all others are plain text. */
export const HTML_PATHS: ReadonlySet<string> = new Set(['ticket.description', 'workOrder.description.html']);

/**
 * A template with its values put in. `escape: 'html'` is for notes: the template's own text is HTML, every value is
 * shown as plain text in it, with its line breaks. `escape: 'none'` is for tags, fields and titles.
 */
export function renderTemplate(
  template: string,
  sources: MappingSources,
  options: { escape: 'html' | 'none' },
): string {
  return fillTemplate(template, sources, (value, path) => {
    const text = asText(value) ?? '';
    const plain = HTML_PATHS.has(path) ? htmlToText(text, helpDesk(sources)) : text;
    return options.escape === 'html' ? textToHtml(plain) : plain;
  });
}
