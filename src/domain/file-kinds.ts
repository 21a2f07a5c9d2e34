/**
 * What a file is by its first bytes, whatever its name says. Promise: only what a signature proves counts; content that no
 * signature names passes, since a photo of an odd camera must not be lost. Source: WHATWG MIME Sniffing, vendors' formats.
 */

/** So many first bytes are enough for every signature here. */
export const HEAD_BYTES = 512;

type Kind = 'image' | 'pdf' | 'office' | 'zip' | 'rtf' | 'page' | 'program' | 'archive';

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

const SIGNATURES: readonly [Kind, number[]][] = [
  ['image', [0xff, 0xd8, 0xff]],
  ['image', [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]],
  ['image', ascii('GIF87a')],
  ['image', ascii('GIF89a')],
  ['pdf', ascii('%PDF-')],
  ['office', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['zip', [...ascii('PK'), 3, 4]],
  ['rtf', ascii('{\\rtf')],
  ['archive', ascii('Rar!\u001a')],
  ['archive', [...ascii('7z'), 0xbc, 0xaf, 0x27, 0x1c]],
  ['archive', [0x1f, 0x8b, 8]],
  ['archive', ascii('MSCF\0')],
  ['program', [0x7f, ...ascii('ELF')]],
  ['program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['program', [0xce, 0xfa, 0xed, 0xfe]],
  ['program', [0xca, 0xfe, 0xba, 0xbe]],
  // A Windows shortcut.
  ['program', [0x4c, 0, 0, 0, 1, 0x14, 2, 0]],
  ['program', ascii('#!/')],
];

/** Text that a browser would run or draw. */
const PAGE = /^[\s\ufeff]*<(!doctype|!--|\?xml|\?php|html|head|body|script|iframe|svg|img|style|title)\b/i;

/** Text in a byte a character, or in two: the zeros between are left out. */
const textOf = (head: Uint8Array): string =>
  String.fromCharCode(...head.filter((byte) => byte !== 0)).replace(
    /^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/,
    '',
  );

function kindOf(head: Uint8Array): Kind | null {
  const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (found) return found[0];
  // `MZ` alone may begin a table; the header of a program holds zeros.
  if (head[0] === 0x4d && head[1] === 0x5a && head.subarray(2, 64).includes(0)) return 'program';
  return PAGE.test(textOf(head)) ? 'page' : null;
}

/** What may be inside. Cameras and phones name one picture as another; Word and Excel save several forms under one name. */
const INSIDE: Readonly<Record<string, readonly Kind[]>> = {
  ...{ jpg: ['image'], jpeg: ['image'], png: ['image'], gif: ['image'], pdf: ['pdf'], csv: [] },
  ...{ doc: ['office', 'rtf', 'zip'], xls: ['office', 'zip'], docx: ['zip', 'office'], xlsx: ['zip', 'office'] },
};

const WORDS: Record<Kind, string> = {
  image: 'a picture',
  pdf: 'a PDF',
  office: 'an Office document',
  zip: 'a ZIP archive',
  rtf: 'a text document',
  page: 'a web page',
  program: 'a program',
  archive: 'an archive',
};

/**
 * Why a file of this extension must not pass with such a beginning, in words for a note; null when it may. A program passes
 * under no name.
 */
export function whyNotAsNamed(extension: string, head: Uint8Array): string | null {
  const kind = kindOf(head);
  if (kind === null) return null;
  const allowed = INSIDE[extension];
  const passes = allowed === undefined ? kind !== 'program' : allowed.includes(kind);
  return passes ? null : `its content is ${WORDS[kind]}, not what its name says`;
}
