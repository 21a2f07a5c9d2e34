/** What stands before several web servers: each connection goes to the next one that accepts it. */
import { connect, createServer, type Socket } from 'node:net';
import { LOOPBACK } from '../../engine/free-port';

export interface Balancer {
  close(): Promise<void>;
}

export async function startBalancer(port: number, backends: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const open = new Set<Socket>();
  const forward = (client: Socket, left: number): void => {
    const backend = connect({ host: LOOPBACK, port: backends[turn++ % backends.length] ?? 0 });
    let isConnected = false;
    backend.once('connect', () => {
      isConnected = true;
      client.pipe(backend).pipe(client);
    });
    backend.on('error', () => {
      if (!isConnected && left > 1) forward(client, left - 1);
      else client.destroy();
    });
    backend.once('close', () => isConnected && client.destroy());
    client.once('close', () => backend.destroy());
  };
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    forward(client, backends.length);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, LOOPBACK, resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
