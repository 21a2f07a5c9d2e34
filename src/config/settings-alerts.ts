/** How alerts leave: signed by a secret, and by e-mail. */
import type { Reader } from './settings-reader';

/** Alerts by e-mail. `smtpUrl` may hold a password. */
export interface AlertsMail {
  smtpUrl: string;
  from: string;
  to: readonly string[];
}

/** As Standard Webhooks has them: `whsec_` and base64 of 24 to 64 bytes. */
export function readAlertsSecret(reader: Reader): Buffer | null {
  const given = reader.secret('ALERTS_WEBHOOK_SECRET');
  if (given === null) return null;
  const text = given.replace(/^whsec_/, '');
  const key = Buffer.from(text, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && key.length >= 24 && key.length <= 64) return key;
  return reader.fault(
    'ALERTS_WEBHOOK_SECRET',
    'is not the base64 of 24 to 64 bytes, with or without whsec_ before it',
    'Make one with: echo "whsec_$(openssl rand -base64 32)"',
  );
}

const ADDRESS = /^[^\s@<>,]+@[^\s@<>,]+$/;
/** An address alone, or a name with the address in angle brackets. */
const isMailbox = (text: string): boolean => ADDRESS.test(/<([^<>]*)>$/.exec(text)?.[1] ?? text);
const MAILBOX = 'Give an e-mail address, such as ops@example.com.';

export function readAlertsMail(reader: Reader): AlertsMail | null {
  const names = ['ALERTS_SMTP_URL', 'ALERTS_MAIL_FROM', 'ALERTS_MAIL_TO'];
  if (!reader.isSet(...names)) return null;
  const smtpUrl = reader.secret('ALERTS_SMTP_URL');
  const from = reader.text('ALERTS_MAIL_FROM');
  const to = (reader.text('ALERTS_MAIL_TO') ?? '').split(',').flatMap((entry) => entry.trim() || []);
  const missing = (name: string): void =>
    reader.missing(name, 'is missing while alerts by e-mail are set up', `Give all of ${names.join(', ')}, or none.`);
  if (smtpUrl === null) missing('ALERTS_SMTP_URL');
  // Not repeated: it may hold a password.
  else if (!/^smtps?:\/\/[^\s/]+\/?$/.test(smtpUrl) || !URL.canParse(smtpUrl))
    reader.fault('ALERTS_SMTP_URL', 'is not an SMTP address', 'Use smtps://user:password@mail.example.com:465.');
  if (from === null) missing('ALERTS_MAIL_FROM');
  else if (!isMailbox(from)) reader.fault('ALERTS_MAIL_FROM', 'is not an e-mail address', MAILBOX);
  if (to.length === 0) missing('ALERTS_MAIL_TO');
  else if (!to.every(isMailbox)) reader.fault('ALERTS_MAIL_TO', 'holds what is not an e-mail address', MAILBOX);
  return smtpUrl !== null && from !== null ? { smtpUrl, from, to } : null;
}
