/** What stands between parts that talk over TCP: it leads each connection to the next target that accepts it, and can be cut. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK } from '../../engine/free-port';

/**
 * `reset`: what is open is reset, and so is what comes. `silent`: as where all packets are lost, nothing passes and nobody is
 * told; what is open goes on once it heals.
 */
export type Cut = 'reset' | 'silent';

export interface Relay {
  port: number;
  /** For what comes from now on; what is open is reset. */
  leadTo: (targets: readonly number[]) => void;
  cut(how: Cut): void;
  heal(): void;
  close(): Promise<void>;
}

/** One connection of a client, with its way to a target. */
interface Line {
  flow(): void;
  hold(): void;
  reset(): void;
}

/** `port` 0: one that the system picks. */
export async function startRelay(port: number, targets: readonly number[]): Promise<Relay> {
  let turn = 0;
  let cut: Cut | null = null;
  const open = new Set<Line>();

  const lineOf = (client: Socket): Line => {
    let target: Socket | null = null;
    let isOnItsWay = false;
    const reach = (left: number): void => {
      isOnItsWay = true;
      const next = connect({ host: LOOPBACK, port: targets[turn++ % targets.length] ?? 0 });
      next.once('connect', () => {
        target = next;
        if (cut === null) flow();
      });
      next.on('error', () => {
        if (target === null && left > 1 && !client.destroyed) reach(left - 1);
        else client.destroy();
      });
      next.once('close', () => target === next && client.destroy());
      client.once('close', () => next.destroy());
    };
    const flow = (): void => {
      if (target) client.pipe(target).pipe(client);
      else if (!isOnItsWay) reach(targets.length);
    };
    const hold = (): void => {
      client.unpipe();
      target?.unpipe();
    };
    return { flow, hold, reset: () => void client.resetAndDestroy() };
  };

  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    const line = lineOf(client);
    open.add(line);
    client.once('close', () => open.delete(line));
    if (cut === 'reset') line.reset();
    else if (cut === null) line.flow();
  });
  const resetAll = (): void => {
    for (const line of open) line.reset();
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, LOOPBACK, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (others) => {
      targets = others;
      resetAll();
    },
    cut: (how) => {
      cut = how;
      if (how === 'reset') resetAll();
      else for (const line of open) line.hold();
    },
    heal: () => {
      cut = null;
      for (const line of open) line.flow();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}
