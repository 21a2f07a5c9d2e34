/** The webhook of Field Nation that leads to Deskbridge. Source: Field Nation contract 15. */
import type { Webhook } from '../clients/field-nation';

export const FIELD_NATION_ROUTE = '/webhooks/field-nation';

/** Whether it calls Deskbridge's route, on whatever host. */
export function isOurRoute({ url }: Pick<Webhook, 'url'>): boolean {
  if (url === null || !URL.canParse(url)) return false;
  return new URL(url).pathname.replace(/\/+$/, '').endsWith(FIELD_NATION_ROUTE);
}

/** Both methods that Field Nation knows are taken; one that is not shown is one of them. */
export const isTakenMethod = ({ method }: Pick<Webhook, 'method'>): boolean =>
  method === null || /^(post|put)$/i.test(method);
