/** What each CSV column is. Promise: everything that would make an import useless is said before anything is sent. */
import type { Config } from '../../config/schema';
import { didYouMean } from '../../domain/mapping';
import { UsageError } from '../../command-errors';

/** A column that is read: its place, and where in the item its cells go. */
export interface Column {
  index: number;
  name: string;
  paths: string[][];
  isConsent: boolean;
}

export interface ColumnPlan {
  columns: Column[];
  /** One line each, for a person. */
  warnings: string[];
}

export type ContactsConfig = Pick<Config['contacts'], 'consent' | 'customFields'>;

const TRAITS = ['name', 'firstName', 'lastName', 'email', 'phone', 'title', 'jobTitle', 'job_title', 'company_id'];
const IDENTIFIERS = ['email', 'phone', 'user_id'];
const CONSENT = 'marketing_consent';
/** The first columns of a report: who has mended its rows imports it as it is. */
export const REPORT_COLUMNS = ['line', 'outcome', 'reason'];

/** @throws UsageError that names every fault of the header. */
export function planColumns(file: string, header: string[], contacts: ContactsConfig): ColumnPlan {
  const known = knownColumns(contacts);
  const names = header.map((name) => name.trim());
  const columns = names.flatMap((name, index): Column[] => {
    const paths = known.get(name);
    if (paths === undefined) return [];
    const isConsent = paths.some((path) => contacts.consent.includes(path));
    return [{ index, name, isConsent, paths: paths.map((path) => path.split('.')) }];
  });
  const problems = [
    ...repeated(names).map((name) => `The column "${name}" is there more than once; rename or delete all but one.`),
    ...noIdentifier(columns, names),
    ...noConsent(columns, names, contacts.consent, [...known.keys()]),
  ];
  if (problems.length > 0) throw new UsageError(`${file} cannot be imported:\n  ${problems.join('\n  ')}`);
  return { columns, warnings: [...phoneAlone(columns), ...unknown(names, [...known.keys()])] };
}

/** Column name: paths in the item. */
function knownColumns({ consent, customFields }: ContactsConfig): Map<string, string[]> {
  const known = new Map<string, string[]>();
  const add = (name: string, path: string): void => {
    const paths = known.get(name) ?? [];
    if (!paths.includes(path)) known.set(name, [...paths, path]);
  };
  for (const trait of [...TRAITS, CONSENT]) add(trait, `traits.${trait}`);
  add('user_id', 'userId');
  add('event', 'event');
  add('timestamp', 'timestamp');
  add('method', 'properties.method');
  for (const path of [...consent, ...Object.values(customFields)]) {
    const [, name] = /^(?:traits|properties)\.(\w[\w-]*(?:\.\w[\w-]*)*)$/.exec(path) ?? [];
    if (name === undefined || name.split('.').includes('__proto__')) continue;
    add(name, path);
    // Written out, where both sides have something of this name.
    add(path, path);
  }
  return known;
}

/** How many of the first columns a report has put before the original ones. */
export const reportColumns = (header: string[]): number =>
  REPORT_COLUMNS.every((name, index) => header[index] === name) ? REPORT_COLUMNS.length : 0;

const repeated = (names: string[]): string[] => [
  ...new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index)),
];

function noIdentifier(columns: Column[], names: string[]): string[] {
  if (columns.some(({ name }) => IDENTIFIERS.includes(name))) return [];
  const problem = 'No column identifies the contact; one of email, phone, user_id must be there';
  return [`${problem}${insteadOf(names, IDENTIFIERS)}.`];
}

/** The gate takes a row for anonymous that has nothing but a phone number; interface, section 6. */
function phoneAlone(columns: Column[]): string[] {
  const found = columns.filter(({ name }) => IDENTIFIERS.includes(name));
  if (found.some(({ name }) => name !== 'phone')) return [];
  return ['Rows with a phone number alone are dropped as anonymous; add a column email or user_id.'];
}

function noConsent(columns: Column[], names: string[], paths: readonly string[], known: string[]): string[] {
  if (columns.some(({ isConsent }) => isConsent)) return [];
  if (names.includes(CONSENT) && !paths.includes(`traits.${CONSENT}`)) {
    const remedy = `add traits.${CONSENT} to contacts.consent there`;
    return [`The config does not read consent from ${CONSENT}, so every row would be dropped; ${remedy}.`];
  }
  const guess = insteadOf(
    names.filter((name) => !known.includes(name)),
    [CONSENT],
  );
  const remedy = `add the column ${CONSENT} with true for everybody who agreed`;
  return [`No column says who agreed to marketing, so every row would be dropped; ${remedy}${guess}.`];
}

/** `(instead of "E-Mail"?)` for a name that was likely meant. */
function insteadOf(names: string[], wanted: string[]): string {
  const meant = names.find((name) => name !== '' && didYouMean(name, wanted) !== null);
  return meant === undefined ? '' : ` (is that "${meant}"? Names must be exact)`;
}

function unknown(names: string[], known: string[]): string[] {
  const ours = reportColumns(names);
  return names.flatMap((name, index) => {
    if (name === '' || known.includes(name) || index < ours) return [];
    const guess = didYouMean(name, known);
    return [`The column "${name}" is not known and is ignored.${guess ? ` Did you mean ${guess}?` : ''}`];
  });
}
