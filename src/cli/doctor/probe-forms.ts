/**
 * Which of the published forms this company speaks, where Field Nation's pages contradict each other or leave it open.
 * Promise: reads only, five calls; a form that cannot be seen is said to be so. Every form is read, so that a line says
 * what is, and warns only of what a setting is needed for. Source: docs/wire-forms.md.
 */
import { FILE_HOSTS, type WorkOrder } from '../../clients/field-nation';
import { asItems, asRecord } from '../../clients/coerce';
import type { FieldNationAccount } from '../../checks/accounts';
import { fine, warning, type Finding } from '../../checks/finding';

const NEWEST = { sort: 'created_date', order: 'desc', page: 1 } as const;

const form = (what: string, detail: string): Finding => fine('Probe', `form of ${what}`, detail);

/** `draft` as it was read; what cannot be asked is left out. */
export async function forms(
  account: FieldNationAccount,
  draft: WorkOrder,
  signal: AbortSignal,
  fileHosts: readonly string[],
): Promise<Finding[]> {
  const { client } = account;
  const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);
  const drafts = { ...NEWEST, list: 'workorders_draft', workOrderIds: [draft.id], perPage: 1 } as const;
  const [listed, logs, webhooks] = await Promise.all([
    orNull(client.listWorkOrders(drafts, signal)),
    orNull(client.deliveryLogs({ perPage: 1 }, signal)),
    orNull(client.listWebhooks({ perPage: 1 }, signal)),
  ]);
  signal.throwIfAborted();
  return [
    form('custom fields', customFieldForm(draft)),
    ...(listed ? [form('the list', listForm(listed.results[0]))] : []),
    ...(logs ? [form('delivery logs', logForm(logs))] : []),
    ...(webhooks ? [form('webhook secrets', secretForm(webhooks.results))] : []),
    ...(await fileForm(account, signal, fileHosts)),
  ];
}

function customFieldForm({ custom_fields: fields }: WorkOrder): string {
  const items = asItems(fields)?.map(asRecord) ?? [];
  if (items.length === 0) return 'the draft shows none';
  return items.some((item) => asItems(item?.results) !== null) ? 'grouped by who fills them in' : 'flat';
}

const listForm = (order: WorkOrder | undefined): string =>
  order === undefined
    ? 'the list does not show the draft by its number yet'
    : (order.status ?? null) === null
      ? 'numbers only: each order that is looked for costs a call more'
      : 'whole orders';

const logForm = ([log]: readonly { workOrderId: number | null }[]): string =>
  log === undefined
    ? 'there is none yet'
    : log.workOrderId === null
      ? 'without the work order: after a failed delivery reconcile looks at every open order'
      : 'each names its work order';

const secretForm = ([webhook]: readonly { secret: string | null }[]): string =>
  webhook === undefined ? 'there is no webhook' : webhook.secret === null ? 'shown once, at creation' : 'always shown';

/** Where providers' files lie, by the newest order that has one. */
async function fileForm(
  { client, baseUrl }: FieldNationAccount,
  signal: AbortSignal,
  fileHosts: readonly string[],
): Promise<Finding[]> {
  try {
    const { results } = await client.listWorkOrders({ ...NEWEST, list: 'workorders_work_done', perPage: 1 }, signal);
    const [newest] = results;
    if (!newest) return [form('file links', 'no work is done yet, so that there is none to see')];
    const folders = await client.attachments(newest.id, signal);
    const links = folders.flatMap((folder) => folder.results.flatMap(({ file }) => file?.link ?? []));
    const hosts = [...new Set(links.filter((link) => URL.canParse(link)).map((link) => new URL(link).hostname))];
    if (hosts.length === 0) return [form('file links', `work order ${newest.id} has no file`)];
    const known = [...FILE_HOSTS, ...fileHosts, new URL(baseUrl).hostname];
    const others = hosts.filter((host) => !known.includes(host));
    if (others.length === 0) return [form('file links', `on ${hosts.join(', ')}`)];
    const remedy = `If this host is Field Nation's, set FIELD_NATION_FILE_HOSTS=${[...fileHosts, ...others].join(',')}.`;
    const detail = `on ${others.join(', ')}, from where no file is fetched`;
    return [warning('Probe', 'form of file links', detail, remedy)];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
