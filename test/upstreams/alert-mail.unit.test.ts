/** Alerts by e-mail, against a mail server on this machine. */
import { createAlertMail } from '../../src/clients/alert-mail';
import { openMailbox, type Mailbox } from '../helpers/mailbox';

let box: Mailbox;
beforeEach(async () => void (box = await openMailbox()));
afterEach(() => box.close());

const mailTo = (smtpUrl: string) =>
  createAlertMail({ smtpUrl, from: 'desk@example.com', to: ['ann@example.com', 'bob@example.com'] });
const MAIL = { id: 'alerts-acme-1', subject: 'Deskbridge acme: 1 raised', text: 'Line 1\n* Line 2' };

test('goes to every address, with an id that its repeats share', async () => {
  expect(await mailTo(box.url).send(MAIL)).toBeNull();
  expect(box.mails).toHaveLength(1);
  expect(box.mails[0]).toMatch(/^From: desk@example.com/m);
  expect(box.mails[0]).toMatch(/^To: ann@example.com, bob@example.com/m);
  expect(box.mails[0]).toMatch(/^Subject: Deskbridge acme: 1 raised/m);
  expect(box.mails[0]).toContain('Message-ID: <alerts-acme-1@deskbridge>');
  expect(box.mails[0]).toContain('* Line 2');
});

test('says that the server refused it, and names neither address nor password', async () => {
  box.refuse(true);
  expect(await mailTo(box.url).send(MAIL)).toMatch(/^was not taken by the mail server \(.*451.*\)$/);
  const away = await mailTo('smtp://user:canary-password@127.0.0.1:9').send(MAIL);
  expect(away).toMatch(/^was not taken by the mail server/);
  expect(away).not.toMatch(/canary|127\.0\.0\.1|example/);
});
