/** Sends alerts by e-mail. Promise: one connection for each message, ended in time; no address or password in an error. */
import { createTransport } from 'nodemailer';

export interface MailTarget {
  /** `smtp://` or `smtps://` with user and password where the server wants them. */
  smtpUrl: string;
  from: string;
  to: readonly string[];
}

export interface AlertMail {
  /** The same `id` for repeats of one message. Null: the server took it; else why it did not. */
  send(mail: { id: string; subject: string; text: string }): Promise<string | null>;
}

const LIMIT_MS = 15_000;

export function createAlertMail({ smtpUrl, from, to }: MailTarget): AlertMail {
  return {
    async send({ id, subject, text }) {
      const transport = createTransport({
        ...{ url: smtpUrl, connectionTimeout: LIMIT_MS, greetingTimeout: LIMIT_MS, socketTimeout: LIMIT_MS },
        // Texts name tickets and errors of upstreams: nothing in them is fetched or read from a file.
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      try {
        await transport.sendMail({ from, to: [...to], subject, text, messageId: `<${id}@deskbridge>` });
        return null;
      } catch (error) {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        return `was not taken by the mail server (${[code, responseCode].filter(Boolean).join(' ') || 'no answer'})`;
      } finally {
        transport.close();
      }
    },
  };
}
