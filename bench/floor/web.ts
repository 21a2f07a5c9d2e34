/** Takes what Deskbridge takes, without a look at who sends it, and hands it to Temporal. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import type { contact, dispatch } from './workflows';

const TASK_QUEUE = 'floor';

interface Event {
  userId: string;
  traits: { email: string; name: string; phone: string; title: string };
}

export async function main(): Promise<void> {
  const [, , address = '', mergeWindow = '0'] = process.argv;
  const { workflow } = new Client({ connection: await Connection.connect({ address }) });

  const take: Record<string, (text: string) => Promise<object>> = {
    '/webhooks/freshdesk': async (text) => {
      const { ticket_id: ticketId } = JSON.parse(text) as { ticket_id: number };
      await workflow.signalWithStart<typeof dispatch>('dispatch', {
        ...{ workflowId: `dispatch-acme-${ticketId}`, taskQueue: TASK_QUEUE, args: [ticketId] },
        ...{ signal: 'ticketChanged', signalArgs: [] },
      });
      return {};
    },
    '/webhooks/field-nation': async (text) => {
      const { event } = JSON.parse(text) as { event: { name: string } };
      const ticketId = /FD-acme-(\d+)-1/.exec(text)?.[1];
      await workflow.getHandle(`dispatch-acme-${ticketId}`).signal('workOrderEvent', event.name);
      return {};
    },
    '/v1/batch': async (text) => {
      const { batch } = JSON.parse(text) as { batch: Event[] };
      await Promise.all(
        batch.map(({ userId, traits: { name, email, phone, title } }) =>
          workflow.signalWithStart<typeof contact, [object]>('contact', {
            ...{ workflowId: `contact-${userId}`, taskQueue: TASK_QUEUE, args: [] },
            signal: 'contactEvent',
            signalArgs: [{ name, email, phone, job_title: title, unique_external_id: userId }],
            ...(mergeWindow === '0' ? {} : { startDelay: `${Number(mergeWindow)}s` }),
          }),
        ),
      );
      return { results: batch.map(() => ({ status: 'accepted' })) };
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    const said = await take[request.url ?? '']?.(text);
    response.writeHead(said ? 202 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(said ?? {}));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(503).end());
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`The floor listens: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
}
