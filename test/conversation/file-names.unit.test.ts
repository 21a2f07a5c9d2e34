/** Names and types of files that people and providers chose, as the other side gets them. */
import { whyNotAsNamed } from '../../src/domain/file-kinds';
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

const PROGRAM = Buffer.from('MZ\u0090\0\u0003\0\0\0', 'latin1');
const JPEG = Buffer.from('ffd8ffe000104a46', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const ZIP = Buffer.from('504b0304', 'hex');
const PDF = Buffer.from('%PDF-1.7');

it.each([
  ['jpg', PROGRAM, 'a program'],
  ['exe', PROGRAM, 'a program'],
  ['', Buffer.from('#!/bin/sh\n'), 'a program'],
  ['csv', Buffer.from('7f454c46', 'hex'), 'a program'],
  ['jpg', Buffer.from('  <!DOCTYPE html>'), 'a web page'],
  ['png', Buffer.from('\ufeff<svg onload=alert(1)>'), 'a web page'],
  ['csv', Buffer.from('\ufeff<html>', 'utf16le'), 'a web page'],
  ['pdf', JPEG, 'a picture'],
  ['jpg', PDF, 'a PDF'],
  ['jpg', ZIP, 'a ZIP archive'],
  ['pdf', Buffer.from('Rar!\u001a\u0007'), 'an archive'],
])('a .%s that begins as something else is left out (%#)', (extension, head, what) => {
  expect(whyNotAsNamed(extension, head)).toBe(`its content is ${what}, not what its name says`);
});

it.each([
  ['jpg', JPEG],
  // A screenshot that somebody renamed shows all the same.
  ['jpg', PNG],
  ['docx', ZIP],
  // With a password.
  ['xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ['doc', Buffer.from('{\\rtf1')],
  ['pdf', PDF],
  ['csv', Buffer.from('MZ,Maputo\n')],
  ['csv', Buffer.from('a<b,c\n')],
  ['csv', Buffer.alloc(0)],
  // Of a camera whose form nobody here knows.
  ['jpg', Buffer.from('\0\0\0\u0018ftypheic', 'latin1')],
  // A technician's, of a type that Deskbridge passes on as mere bytes.
  ['zip', ZIP],
  ['log', Buffer.from('<html>')],
])('a .%s that is one, or may be, passes (%#)', (extension, head) => {
  expect(whyNotAsNamed(extension, head)).toBeNull();
});
