import { createHmac } from 'node:crypto';
import { secretMatches, verifyFieldNationSignature, verifyFreshdeskSecret } from '../../src/http/signatures';

const OLD = 'b1946ac9-2492-4d23-8c2f-0a1b2c3d4e5f';
const NEW = '591785b7-94d6-49e2-9d0e-5e8f6a7b8c9d';
const body = Buffer.from('{"event":{"name":"workorder.created"},"text":"ü"}');
const hex = (secret: string, bytes: Buffer = body): string => createHmac('sha256', secret).update(bytes).digest('hex');
const sign = (secret: string, bytes?: Buffer): string => `sha256=${hex(secret, bytes)}`;

describe('the signature of Field Nation', () => {
  it('is accepted with the old and the new secret during rotation', () => {
    for (const secret of [OLD, NEW]) expect(verifyFieldNationSignature(body, sign(secret), [NEW, OLD])).toBe(true);
  });

  it('matches a fixed vector', () => {
    const header = 'sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8';
    expect(
      verifyFieldNationSignature(Buffer.from('The quick brown fox jumps over the lazy dog'), header, ['key']),
    ).toBe(true);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['of another secret', sign('another')],
    ['without algorithm', hex(OLD)],
    ['of another algorithm', `sha1=${hex(OLD)}`],
    ['with an upper-case algorithm', `SHA256=${hex(OLD)}`],
    ['upper-case', `sha256=${hex(OLD).toUpperCase()}`],
    ['truncated', sign(OLD).slice(0, -1)],
    ['too long', `${sign(OLD)}0`],
    ['followed by a line break', `${sign(OLD)}\n`],
    ['doubled', `${sign(OLD)}, ${sign(OLD)}`],
    ['with two equals signs', `sha256==${hex(OLD)}`],
    ['a list', [sign(OLD)] as unknown as string],
  ])('is refused when it is %s', (_, header) => {
    expect(verifyFieldNationSignature(body, header, [OLD])).toBe(false);
  });

  it('is refused when one byte of the body differs', () => {
    for (let at = 0; at < body.length; at += 7) {
      const altered = Buffer.from(body);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(verifyFieldNationSignature(altered, sign(OLD), [OLD])).toBe(false);
    }
  });

  it('is refused without usable secrets', () => {
    expect(verifyFieldNationSignature(body, sign(''), [''])).toBe(false);
    expect(verifyFieldNationSignature(body, sign(OLD), [])).toBe(false);
  });
});

describe('a shared secret', () => {
  it('must be given exactly', () => {
    expect(secretMatches(NEW, [OLD, NEW])).toBe(true);
    for (const given of [undefined, '', ' ', `${NEW} `, NEW.toUpperCase(), NEW.slice(1)]) {
      expect(secretMatches(given, [OLD, NEW, ''])).toBe(false);
    }
  });
});

describe('the secret of a Freshdesk rule', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    ['header', { 'x-webhook-secret': OLD }],
    ['Basic password', { authorization: basic(`freshdesk:${OLD}`) }],
    ['Basic user', { authorization: basic(`${OLD}:X`) }],
    ['Basic user alone', { authorization: basic(OLD) }],
    ['Basic with another case', { authorization: basic(`u:${OLD}`).replace('Basic', 'basic') }],
  ])('is taken as %s', (_, headers) => {
    expect(verifyFreshdeskSecret(headers, [NEW, OLD])).toBe(true);
  });

  it('may hold colons as Basic password', () => {
    expect(verifyFreshdeskSecret({ authorization: basic('u:a:b') }, ['a:b'])).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a wrong header', { 'x-webhook-secret': NEW }],
    ['a repeated header', { 'x-webhook-secret': [OLD, OLD] }],
    ['a joined header', { 'x-webhook-secret': `${OLD}, ${OLD}` }],
    ['an empty Basic', { authorization: 'Basic ' }],
    ['a Bearer', { authorization: `Bearer ${OLD}` }],
    ['broken base64', { authorization: 'Basic ???' }],
  ])('is not found in %s', (_, headers) => {
    expect(verifyFreshdeskSecret(headers, [OLD])).toBe(false);
    expect(verifyFreshdeskSecret(headers, [])).toBe(false);
    expect(verifyFreshdeskSecret(headers, [''])).toBe(false);
  });
});
