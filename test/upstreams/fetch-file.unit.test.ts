/** The guard in front of every file that somebody's data names: nothing but allowed places is ever connected to. */
import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import type { FetchFileError } from '../../src/clients/fetch-file';
import { createFileFetcher, type FileFetcher } from '../../src/clients/fetch-file';
import { isPublicAddress } from '../../src/clients/file-address';

const BUCKET = 'https://s3.amazonaws.com/cdn.freshdesk.com/a.png';
const HOSTS = { 's3.amazonaws.com': ['/cdn.freshdesk.com/'], 'files.example': [] };

let connections = 0;
let seen: { url: string; headers: Record<string, unknown> }[] = [];
let answer: { status: number; headers: Record<string, string>; body: Buffer | null };
let server: Server;
let port: number;
let own: string;
let fetchers: FileFetcher[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(answer.status, answer.headers);
    if (answer.body) response.end(answer.body);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  own = `http://127.0.0.1:${port}`;
});
beforeEach(() => {
  connections = 0;
  seen = [];
  answer = { status: 200, headers: {}, body: Buffer.from('a photo') };
});
afterEach(async () => {
  server.closeAllConnections();
  await Promise.all(fetchers.map((fetcher) => fetcher.close()));
  fetchers = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

interface SetUp {
  fetcher: FileFetcher;
  asked: string[];
}

/** `resolved` is what every name leads to. */
function setUp(ownOrigin: string, resolved: string[] = ['127.0.0.1']): SetUp {
  const asked: string[] = [];
  const lookup = ((host: string, _options: unknown, callback: (e: null, found: LookupAddress[]) => void) => {
    asked.push(host);
    callback(
      null,
      resolved.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as LookupFunction;
  const fetcher = createFileFetcher({ ownOrigin, hosts: HOSTS }, lookup);
  fetchers.push(fetcher);
  return { fetcher, asked };
}

const failureOf = (fetcher: FileFetcher, address: string, maxBytes = 1000): Promise<FetchFileError> =>
  fetcher.open(address, { maxBytes, timeoutMs: 60_000 }).then(
    () => {
      throw new Error(`${address} should have been refused`);
    },
    (error: unknown) => error as FetchFileError,
  );

async function read(fetcher: FileFetcher, address: string, maxBytes = 1000): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await fetcher.open(address, { maxBytes, timeoutMs: 60_000 })).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Loopback, private and metadata addresses in every spelling that some parser takes. */
const HIDDEN_HOSTS = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1', '017700000001'],
  ...['0177.0.0.1', '0177.0.0.01', '127.0.0.1.', '127.255.255.254', '0.0.0.0', '0', '0x0', '0.0.0.0.'],
  ...['localhost', 'localhost.', 'LOCALHOST', 'localhost.localdomain', 'ip6-localhost', 'a.localhost'],
  ...['10.0.0.1', '10.255.255.255', '0xa.1', '012.0.0.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['192.168.1.1', '0xc0a80001', '3232235521', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376'],
  ...['169.254.169.254.', '169.254.170.2', '100.64.0.1', '100.127.255.255', '192.0.0.1', '192.0.2.1', '198.18.0.1'],
  ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '1.1.1.1', '8.8.8.8', '134744072'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:169.254.169.254]'],
  ...['[::ffff:a9fe:a9fe]', '[::ffff:10.0.0.1]', '[::127.0.0.1]', '[fe80::1]', '[fd00::1]', '[fc00::1]', '[ff02::1]'],
  ...['[64:ff9b::7f00:1]', '[64:ff9b::169.254.169.254]', '[2002:7f00:1::]', '[2001:db8::1]', '[2001::1]', '[100::1]'],
  ...['[fd00:ec2::254]', '[2606:4700::1111]', '①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1', '１２７.0.0.1'],
  ...['metadata.google.internal', 'metadata', 'instance-data', 'kubernetes.default.svc', '127.0.0.1.nip.io'],
  ...['s3.amazonaws.com.', 's3.amazonaws.com.evil.example', 'evil-s3.amazonaws.com', 'x.s3.amazonaws.com'],
  ...['s3.amazonaws.co', 's3.amazonaws.com%00.evil.example', 'ｓ3.amazonaws.com.evil.example', 's3-amazonaws.com'],
  ...['127.0.0.1.xip.io', 'localtest.me', '__proto__', 'constructor', 'tostring', 'files.example.'],
];

const WHOLE_ADDRESSES = [
  ...['', ' ', 'x', '//127.0.0.1/a', '/etc/passwd', 'file:///etc/passwd', 'file://localhost/etc/passwd', 'data:,hi'],
  ...['gopher://127.0.0.1:70/', 'ftp://s3.amazonaws.com/cdn.freshdesk.com/a', 'javascript:alert(1)', 'about:blank'],
  ...['http://s3.amazonaws.com/cdn.freshdesk.com/a', 'https://s3.amazonaws.com:8443/cdn.freshdesk.com/a'],
  ...['https://s3.amazonaws.com/other-bucket/a', 'https://s3.amazonaws.com/', 'https://s3.amazonaws.com'],
  ...['https://s3.amazonaws.com/cdn.freshdesk.com/../other/a', 'https://s3.amazonaws.com/cdn.freshdesk.com/%2e%2e/o/a'],
  ...['https://s3.amazonaws.com/cdn.freshdesk.com.evil/a', 'https://s3.amazonaws.com//cdn.freshdesk.com/a'],
  ...['https://user@s3.amazonaws.com/cdn.freshdesk.com/a', 'https://u:p@s3.amazonaws.com/cdn.freshdesk.com/a'],
  ...['https://s3.amazonaws.com@127.0.0.1/cdn.freshdesk.com/a', 'https://s3.amazonaws.com#@127.0.0.1/'],
  ...['https://127.0.0.1#s3.amazonaws.com/cdn.freshdesk.com/', 'https://127.0.0.1?s3.amazonaws.com/'],
  ...[
    'https:\\\\127.0.0.1\\a',
    'https://127.0.0.1\\@s3.amazonaws.com/cdn.freshdesk.com/a',
    'blob:https://s3.amazonaws.com/x',
  ],
];

test('nothing is asked for or connected to under addresses that are not allowed', async () => {
  const { fetcher, asked } = setUp('https://acme.freshdesk.com');
  const addresses = [
    ...HIDDEN_HOSTS.flatMap((host) => [
      `http://${host}:${port}/cdn.freshdesk.com/a`,
      `https://${host}:${port}/cdn.freshdesk.com/a`,
      `https://${host}/cdn.freshdesk.com/a`,
    ]),
    ...WHOLE_ADDRESSES,
    ...[`http://acme.freshdesk.com/a`, 'https://acme.freshdesk.com:444/a', 'https://acme.freshdesk.com.evil.example/a'],
  ];
  expect(addresses.length).toBeGreaterThan(300);
  for (const address of addresses) {
    const failure = await failureOf(fetcher, address);
    expect([address, failure.name, failure.reason]).toEqual([address, 'FetchFileError', 'refused']);
    if (address.trim().length > 1) expect(failure.message).not.toContain(address);
  }
  expect({ connections, asked }).toEqual({ connections: 0, asked: [] });
});

test.each([
  ...['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '100.64.0.1', '0.0.0.0', '::1', '::', 'fd00::1'],
  ...['fe80::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '224.0.0.1', '255.255.255.255', 'garbage', ''],
])('an allowed name that leads to %p is not connected to, not even when another answer is public', async (address) => {
  for (const resolved of [[address], ['52.216.1.1', address], [address, '2606:4700::1111']]) {
    const { fetcher, asked } = setUp(own, resolved);
    expect(await failureOf(fetcher, BUCKET)).toMatchObject({ reason: 'refused' });
    expect(asked).toEqual(['s3.amazonaws.com']);
  }
  expect(connections).toBe(0);
});

test('a name without any address is not connected to', async () => {
  expect(await failureOf(setUp(own, []).fetcher, BUCKET)).toMatchObject({ reason: 'refused' });
});

test('public addresses are those of the open internet', () => {
  expect(['52.216.1.1', '2606:4700::1111', '::ffff:52.216.1.1'].map(isPublicAddress)).toEqual([true, true, true]);
});

test('the configured origin is fetched as it is, without credentials', async () => {
  const { fetcher } = setUp(own);
  expect(await read(fetcher, `${own}/freshdesk/attachments/1?X-Amz-Signature=0`)).toBe('a photo');
  expect(seen).toHaveLength(1);
  expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
  expect(seen[0]?.url).toBe('/freshdesk/attachments/1?X-Amz-Signature=0');
});

test.each([
  ...[
    'http://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'http://[::1]/',
    'file:///etc/passwd',
    '//evil.example/a',
  ],
  ...[
    'http://localhost/',
    'https://user@s3.amazonaws.com/cdn.freshdesk.com/a',
    'http://s3.amazonaws.com/cdn.freshdesk.com/a',
  ],
])('a redirect to %p is not followed', async (location) => {
  const { fetcher, asked } = setUp(own);
  answer = { status: 302, headers: { location }, body: Buffer.alloc(0) };
  expect(await failureOf(fetcher, `${own}/a`)).toMatchObject({ reason: 'refused' });
  expect({ requests: seen.length, asked }).toEqual({ requests: 1, asked: [] });
});

test('no redirect leads to any of the addresses that are not allowed', async () => {
  const { fetcher, asked } = setUp(own);
  const other = createServer();
  const reached = jest.fn();
  other.on('connection', reached);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port: otherPort } = other.address() as AddressInfo;
  // What is nonsense in a header never gets there.
  const places = [
    ...HIDDEN_HOSTS.map((host) => `http://${host}:${otherPort}/cdn.freshdesk.com/a`),
    ...WHOLE_ADDRESSES.filter((address) => /^(\w+:|\/\/)/.test(address)),
  ].filter((place) => /^[\x20-\x7e]*$/.test(place));
  expect(places.length).toBeGreaterThan(100);
  for (const location of places) {
    answer = { status: 302, headers: { location }, body: Buffer.alloc(0) };
    const failure = await failureOf(fetcher, `${own}/a`);
    expect([location, failure.name, failure.reason]).toEqual([location, 'FetchFileError', 'refused']);
  }
  expect({ requests: seen.length, asked }).toEqual({ requests: places.length, asked: [] });
  expect(reached).not.toHaveBeenCalled();
  await new Promise((resolve) => other.close(resolve));
});

test('a redirect to an allowed host is judged by where its name leads', async () => {
  const { fetcher, asked } = setUp(own, ['127.0.0.1']);
  answer = { status: 302, headers: { location: BUCKET }, body: Buffer.alloc(0) };
  expect(await failureOf(fetcher, `${own}/a`)).toMatchObject({ reason: 'refused' });
  expect({ requests: seen.length, asked }).toEqual({ requests: 1, asked: ['s3.amazonaws.com'] });
});

test('redirects without end are given up', async () => {
  answer = { status: 302, headers: { location: '/again' }, body: Buffer.alloc(0) };
  expect(await failureOf(setUp(own).fetcher, `${own}/a`)).toMatchObject({ reason: 'refused' });
  expect(seen).toHaveLength(3);
});

test.each([
  [403, 'expired'],
  [401, 'expired'],
  [404, 'missing'],
  [410, 'missing'],
  [500, 'unavailable'],
  [206, 'unavailable'],
])('status %i means %s', async (status, reason) => {
  answer = { status, headers: {}, body: Buffer.from('<Error/>') };
  expect(await failureOf(setUp(own).fetcher, `${own}/a`)).toMatchObject({ reason });
});

test('a file that is too large is not read: by its announced length, or as soon as it is longer', async () => {
  answer = { status: 200, headers: { 'content-length': '5000' }, body: Buffer.alloc(5000) };
  expect(await failureOf(setUp(own).fetcher, `${own}/a`)).toMatchObject({ reason: 'too-large' });
  answer = { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: Buffer.alloc(5000) };
  await expect(read(setUp(own).fetcher, `${own}/a`)).rejects.toMatchObject({ reason: 'too-large' });
});

test('a server that never answers is given up in time', async () => {
  answer = { status: 200, headers: { 'content-length': '10' }, body: null };
  const { fetcher } = setUp(own);
  const slow = fetcher.open(`${own}/a`, { maxBytes: 100, timeoutMs: 200 });
  await expect(
    (async () => {
      for await (const _chunk of (await slow).body) {
        // Never gets here.
      }
    })(),
  ).rejects.toMatchObject({ reason: 'unavailable' });
});

test('nobody listens: unavailable, and without the address in the words', async () => {
  const failure = await failureOf(setUp('http://127.0.0.1:9').fetcher, 'http://127.0.0.1:9/a?signature=secret');
  expect(failure.reason).toBe('unavailable');
  expect(failure.message).not.toContain('secret');
});
