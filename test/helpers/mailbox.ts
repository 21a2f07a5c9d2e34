/** A small mail server that keeps what it is sent. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mailbox {
  url: string;
  /** Whole messages, as they came. */
  mails: string[];
  /** Refuses what comes, until it is told otherwise. */
  refuse(on: boolean): void;
  /** How many it has refused. */
  refused(): number;
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  let refuses = false;
  let refusals = 0;
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => void parts.push(part));
      stream.on('end', () => {
        if (refuses) refusals += 1;
        if (refuses) return done(Object.assign(new Error('Try later'), { responseCode: 451 }));
        mails.push(Buffer.concat(parts).toString('utf8'));
        return done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    refuse: (on) => void (refuses = on),
    refused: () => refusals,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
