/** One thing wrong with the config file, where it stands and what to do. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** The key, such as `dispatch.afterCreate`; empty when the file as a whole is meant. */
  path: string;
  message: string;
  hint: string;
}

/** The config file cannot be used. `problems` holds everything that is wrong with it, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(formatProblems(problems));
  }
}

/** The problems as a person reads them in a terminal, one to a line: place, key, what is wrong, what to do. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ file, line, column, path, message, hint }) => {
      const key = path === '' ? '' : `${path}: `;
      return printable(`${file}:${line}:${column}  ${key}${message} – ${hint}`);
    })
    .join('\n');
}

/** `workOrder["location.city"].from`, `dispatch.when.statuses[0]` */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key.slice(0, 100))}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** A value of the file for a message: short, and quoted when it is text. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === null || value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

// The file may hold anything; a terminal must not obey it.
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
