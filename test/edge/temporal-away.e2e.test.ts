import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createClient } from '../../src/temporal/connection';
import { temporalAnswers } from '../../src/temporal/ready';
import { createStarter } from '../../src/temporal/starter';
import { serveApp } from './app-server';
import { watchStalls } from '../helpers/stalls';

/** A port that takes connections and never says a word; or, once closed, one where nothing listens. */
async function silentPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

describe.each(['nothing listens', 'nobody answers'])('while %s at the address of Temporal', (how) => {
  it('every intake route and /readyz answer 503 within 3 s', async () => {
    const silent = await silentPort();
    if (how === 'nothing listens') await silent.close();
    const options = { address: `127.0.0.1:${silent.port}` };
    const client = createClient({ options, namespace: 'default', uiUrl: null }, {});
    const linksOf = () => ({ ticket: '', workOrders: '', workflow: null });
    const starter = createStarter({ client, account: 'acme', linksOf });
    const app = await serveApp(starter, { isReady: () => temporalAnswers(client) });
    try {
      const asks = {
        freshdesk: () => app.freshdesk({ ticket_id: 1 }),
        fieldNation: () => app.fieldNation({ event: { name: 'workorder.created' }, workorder: { id: 1 } }),
        readyz: () => fetch(`${app.url}/readyz`),
      };
      for (const round of [1, 2]) {
        for (const [name, ask] of Object.entries(asks)) {
          const began = Date.now();
          const stalls = watchStalls();
          const answer = await ask();
          const took = Date.now() - began - stalls.ms();
          stalls.stop();
          const within3s = took < 3000 || took;
          expect({ round, name, status: answer.status, within3s }).toEqual({
            round,
            name,
            status: 503,
            within3s: true,
          });
          expect(answer.headers.get('retry-after')).not.toBeNull();
        }
      }
    } finally {
      await app.close();
      // The client stays open: a call that the SDK tries again after its deadline would throw on a closed channel.
      if (how === 'nobody answers') await silent.close();
    }
  });
});
