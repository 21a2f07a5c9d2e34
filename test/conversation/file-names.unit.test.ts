/** Names and types of files that people and providers chose, as the other side gets them. */
import { fileName, typeOf, whyLeftOut } from '../../src/domain/files';

it.each([
  ['../../../etc/cron.d/x.jpg', 'x.jpg'],
  ['C:\\Windows\\photo.PNG', 'photo.PNG'],
  ['invoice\u202efdp.exe.jpg', 'invoicefdp.exe.jpg'],
  ['a".jpg\r\nX-Evil: 1.jpg', 'a_.jpgX-Evil_ 1.jpg'],
  ['=cmd|calc!A0.csv', 'cmd_calc!A0.csv'],
  ['-rf.pdf', 'rf.pdf'],
  ['\u200b\u2066\u0000', 'file'],
  ['folder/', 'file'],
  ['Grundriß 漢字 (2).pdf', 'Grundriß 漢字 (2).pdf'],
])('%j goes out as %j', (given, sent) => {
  expect(fileName(given)).toBe(sent);
});

it.each([
  ['photo.jpg', 'image/jpeg'],
  ['scan.PDF ', 'application/pdf'],
  ['table.csv', 'text/csv'],
  ['page.html', null],
  ['x.exe', null],
  ['none', null],
])('%s is sent as %s, whatever its sender called it', (name, type) => {
  expect(typeOf(name)).toBe(type);
});

it.each(['x.exe', 'page.svg', 'x.jpg/.html', 'x.jpg\u202e.html'])('leaves out %j', (name) => {
  expect(whyLeftOut({ name, size: 1 })).toMatch(/^Field Nation takes/);
});
