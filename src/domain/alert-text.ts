/** Alerts as the text that a chat shows. Promise: bounded, plain, without personal data. */
import type { Alert, AlertMessage } from '../contract/alerts';

/** More lines than this nobody reads in a chat. */
const LINES = 10;

export function alertText({ account, raised, resolved, standing }: AlertMessage): string {
  const head = `Deskbridge ${account}: ${counted(raised, 'raised')}${counted(resolved, 'resolved', raised.length > 0)}`;
  return [
    `${head}; ${standing} ${standing === 1 ? 'stands' : 'stand'} now`,
    ...listed(raised, ({ title, remedy }) => `* ${title}. ${remedy}`),
    ...listed(resolved, ({ title }) => `* Resolved: ${title}`),
  ].join('\n');
}

const counted = (alerts: readonly Alert[], what: string, follows = false): string =>
  alerts.length === 0 ? '' : `${follows ? ', ' : ''}${alerts.length} ${what}`;

function listed(alerts: readonly Alert[], line: (alert: Alert) => string): string[] {
  const rest = alerts.length - LINES;
  return [...alerts.slice(0, LINES).map(line), ...(rest > 0 ? [`* … and ${rest} more`] : [])];
}
