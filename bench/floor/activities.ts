/** The calls that Deskbridge makes, each with a bare `fetch`. */
export interface Upstreams {
  freshdeskUrl: string;
  freshdeskApiKey: string;
  fieldNationUrl: string;
  fieldNationClientSecret: string;
  fieldNationPassword: string;
}

export interface Ticket {
  id: number;
  subject: string;
  description: string;
  requester: { name: string; email: string; phone: string };
  custom_fields: Record<string, string>;
}

type Method = 'GET' | 'POST' | 'PUT';

async function call<T>(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url.split('?')[0]} was answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

export function createActivities(upstreams: Upstreams) {
  const { freshdeskUrl, fieldNationUrl, freshdeskApiKey } = upstreams;
  const authorization = `Basic ${Buffer.from(`${freshdeskApiKey}:X`).toString('base64')}`;
  const freshdesk = <T>(method: Method, path: string, body?: unknown): Promise<T> =>
    call<T>(method, `${freshdeskUrl}/api/v2${path}`, body, { authorization });

  let token: Promise<string> | undefined;
  const newToken = async (): Promise<string> => {
    const { access_token: given } = await call<{ access_token: string }>(
      'POST',
      `${fieldNationUrl}/authentication/api/oauth/token`,
      {
        ...{ grant_type: 'password', client_id: 'deskbridge', client_secret: upstreams.fieldNationClientSecret },
        ...{ username: 'dispatch-bot', password: upstreams.fieldNationPassword },
      },
    );
    return given;
  };
  const fieldNation = async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
    const url = new URL(`${fieldNationUrl}/api/rest/v2${path}`);
    url.searchParams.set('access_token', await (token ??= newToken()));
    return call<T>(method, url.href, body);
  };

  return {
    viewTicket: (id: number) => freshdesk<Ticket>('GET', `/tickets/${id}?include=requester,company`),
    findOrders: async (correlationId: string): Promise<void> => {
      await fieldNation(
        'GET',
        `/workorders?list=workorders_all&f_search=${correlationId}&sort=created_date&order=desc&page=1&per_page=25&view=model`,
      );
    },
    createOrder: async (ticket: Ticket): Promise<number> => {
      const fields = ticket.custom_fields;
      const { id } = await fieldNation<{ id: number }>('POST', '/workorders', {
        title: ticket.subject,
        types_of_work: [{ id: 62, isPrimary: true }],
        description: { html: `${ticket.description}<p>Deskbridge FD-acme-${ticket.id}-1</p>` },
        location: {
          ...{ mode: 'custom', type: { id: 1 }, address1: fields.cf_site_address, city: fields.cf_site_city },
          ...{ state: fields.cf_site_state, zip: fields.cf_site_zip, country: 'US' },
        },
        schedule: { service_window: { mode: 'exact', start: { utc: '2031-01-15 09:00:00' } } },
        pay: { type: 'fixed', base: { amount: 150, units: 1 } },
        contacts: { results: [{ role: 'Location Contact', ...ticket.requester }] },
        custom_fields: { results: [{ id: 129, value: `FD-acme-${ticket.id}-1` }] },
      });
      return id;
    },
    linkTicket: async (id: number, order: number): Promise<void> => {
      await freshdesk('PUT', `/tickets/${id}`, { custom_fields: { cf_work_order_id: String(order) } });
    },
    publishOrder: async (order: number): Promise<void> => {
      await fieldNation('POST', `/workorders/${order}/publish`);
    },
    resolveTicket: async (id: number): Promise<void> => {
      await freshdesk('PUT', `/tickets/${id}`, { status: 4 });
    },
    addNote: async (id: number, body: string): Promise<void> => {
      await freshdesk('POST', `/tickets/${id}/notes`, { body, private: true });
    },
    createContact: async (contact: object): Promise<void> => {
      await freshdesk('POST', '/contacts', contact);
    },
  };
}
