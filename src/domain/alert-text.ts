/** Alerts as the text that a chat shows. Promise: bounded, plain, without personal data; each says where its remedy stands. */
import type { Alert, AlertMessage } from '../contract/alerts';

/** More lines than this nobody reads in a chat. */
const LINES = 10;

/** `root`: address of the pages; null: none is known. */
export function alertText({ account, raised, resolved, standing }: AlertMessage, root: string | null): string {
  const head = `Deskbridge ${account}: ${counted(raised, 'raised')}${counted(resolved, 'resolved', raised.length > 0)}`;
  return [
    `${head}; ${standing} ${standing === 1 ? 'stands' : 'stand'} now`,
    ...listed(raised, (alert) => [`* ${alert.title}. ${alert.remedy}`, pageOf(alert, root)].filter(Boolean).join(' ')),
    ...listed(resolved, ({ title }) => `* Resolved: ${title}`),
  ].join('\n');
}

/** The page that shows an alert's cause; null where the address of the pages is not known. */
export const pageOf = ({ page = '/' }: Alert, root: string | null): string | null =>
  root === null ? null : `${root.replace(/\/$/, '')}${page}`;

const counted = (alerts: readonly Alert[], what: string, follows = false): string =>
  alerts.length === 0 ? '' : `${follows ? ', ' : ''}${alerts.length} ${what}`;

function listed(alerts: readonly Alert[], line: (alert: Alert) => string): string[] {
  const rest = alerts.length - LINES;
  return [...alerts.slice(0, LINES).map(line), ...(rest > 0 ? [`* … and ${rest} more`] : [])];
}
