/** Finds ports for the embedded server on the loopback address. */
import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** The wanted port when it is free on the loopback address, else one that the system picks. */
export async function portOrFree(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? Promise.reject(new Error('No free port on this machine.'));
}

/** Between our look for a free port and the server's own, somebody else may have taken it. */
const PORT_TAKEN = /can't set .*port|address already in use/;
const PORT_TRIES = 3;

/** Begins anew, which is to look for other ports, where a server was begun and found one of its ports taken. */
export async function onFreePorts<T>(begin: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await begin();
    } catch (error) {
      if (tries === PORT_TRIES || !PORT_TAKEN.test((error as Error).message)) throw error;
    }
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    probe.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
