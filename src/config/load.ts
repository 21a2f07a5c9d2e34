import { readFile, stat } from 'node:fs/promises';
import { crossCheck } from './cross-checks';
import { describeIssue } from './describe-issue';
import type { IssueText } from './describe-issue';
import { ConfigError, pathText } from './problems';
import type { ConfigProblem } from './problems';
import { configSchema } from './schema';
import type { Config } from './schema';
import { readYaml } from './yaml-source';
import type { YamlSource } from './yaml-source';

const LARGEST = 1_000_000;
/** A file with more is not a config file; finding each place would take minutes. */
const MOST_PROBLEMS = 500;

/**
 * The checked config of a YAML text (interface, section 7). What the text leaves out has its default.
 * @throws ConfigError that names every problem, each with its place and a hint.
 */
export function parseConfig(text: string, fileName: string): Config {
  if (text.length > LARGEST) throw failure(fileName, 'the file is larger than 1 MB', 'is this the right file?');
  const source = readYaml(text);
  const faults = source.faults.slice(0, MOST_PROBLEMS).map(({ path, offset, message, hint }) => ({
    ...{ file: fileName, ...source.place(offset), path: pathText(path), message, hint },
  }));
  if (source.value === undefined) throw new ConfigError(faults);
  const checked = configSchema.safeParse(source.value);
  const issues = [
    ...(checked.error?.issues ?? [])
      .slice(0, MOST_PROBLEMS)
      .flatMap((issue) => describeIssue(configSchema, issue, source.value)),
    ...crossCheck(source.value),
  ];
  const problems = [...faults, ...issues.slice(0, MOST_PROBLEMS).map((issue) => locate(issue, source, fileName))];
  if (checked.success && problems.length === 0) return checked.data;
  throw new ConfigError(inOrder(problems));
}

/**
 * The checked config of a file.
 * @throws ConfigError also when the file is missing, is no file, cannot be read or is not text.
 */
export async function loadConfigFile(path: string): Promise<Config> {
  return parseConfig(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw failure(path, 'this is not a file', REMEDY);
    if (info.size > LARGEST) throw failure(path, 'the file is larger than 1 MB', 'is this the right file?');
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw failure(path, 'the file is not UTF-8 text', 'save it as UTF-8');
    throw failure(path, code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`, REMEDY);
  }
}

const REMEDY = 'set DESKBRIDGE_CONFIG to your config file, or put the shipped config/deskbridge.yaml in its place';

const failure = (file: string, message: string, hint: string): ConfigError =>
  new ConfigError([{ file, line: 1, column: 1, path: '', message, hint }]);

function locate({ path, atKey, message, hint }: IssueText, source: YamlSource, file: string): ConfigProblem {
  return { file, ...source.place(source.offsetOf(path, atKey)), path: pathText(path), message, hint };
}

const inOrder = (problems: ConfigProblem[]): ConfigProblem[] =>
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
