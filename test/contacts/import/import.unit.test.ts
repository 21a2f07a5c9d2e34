import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { WorkFailedError } from '../../../src/command-errors';
import { FakeEngine, importWith, testFolder } from './helpers';

const { file } = testFolder();
const HEADER = 'email,marketing_consent\n';

/** Rows of as many contacts; every tenth has no consent. */
const manyRows = (rows: number): string =>
  HEADER + Array.from({ length: rows }, (_, row) => `p${row}@b.c,${row % 10 !== 3}\n`).join('');

it('makes items of CSV rows as events are sent', async () => {
  const rows = [
    'email,user_id,event,method,firstName,marketing_consent',
    'a@b.c,u1,,web,Ann,TRUE',
    'd@e.f,,Identified, ,,true',
    'g@h.i,u3,Signed Up,app,Bo,true',
  ];
  const engine = new FakeEngine();
  const { result } = await importWith(engine, file('a.csv', rows.join('\r\n')));
  expect(engine.items).toEqual([
    {
      ...{ type: 'identify', userId: 'u1', properties: { method: 'web' } },
      traits: { email: 'a@b.c', firstName: 'Ann', marketing_consent: true },
    },
    { type: 'identify', traits: { email: 'd@e.f', marketing_consent: true } },
    {
      ...{ type: 'track', event: 'Signed Up', userId: 'u3', properties: { method: 'app' } },
      traits: { email: 'g@h.i', firstName: 'Bo', marketing_consent: true },
    },
  ]);
  expect(result).toMatchObject({ rows: 3, counts: { created: 3, dropped: 0 }, report: null });
  expect(result.importId).toMatch(/^[0-9a-f]{16}$/);
});

it.each([';', '\t', ','])('finds out that cells are parted by %j', async (delimiter) => {
  const engine = new FakeEngine();
  const rows = ['email', '"name, first; last"', 'marketing_consent'].join(delimiter);
  await importWith(engine, file('a.csv', `\uFEFF${rows}\r\n${['a@b.c', '"x\ny"', 'true'].join(delimiter)}\r\n`));
  expect(engine.items).toHaveLength(1);
});

it('passes JSON lines on as they are, and reports the bad ones with their lines', async () => {
  const item = (email: string): string =>
    JSON.stringify({ type: 'track', event: 'X', traits: { email, marketing_consent: true } });
  const long = JSON.stringify({ type: 'identify', pad: 'x'.repeat(40_000) });
  const engine = new FakeEngine();
  const lines = [item('a@b.c'), '', '{"type":"iden', '[1]', long, '{"type":"odd"}', item('d@e.f')];
  const { result, report, failure } = await importWith(engine, file('items', lines.join('\n')));
  expect(engine.lines).toEqual([1, 7]);
  expect(engine.items[1]).toEqual(JSON.parse(item('d@e.f')));
  expect(report).toEqual([
    '3,invalid,not valid JSON,"{""type"":""iden"',
    '4,invalid,not a JSON object,[1]',
    '5,invalid,longer than 32 kB,',
    '6,invalid,type: missing,"{""type"":""odd""}"',
  ]);
  expect([result.rows, failure?.message]).toEqual([6, expect.stringContaining('4 rows need a person: 4 invalid')]);
});

it('cuts batches by position in the file and leaves empty ones out', async () => {
  const engine = new FakeEngine();
  const none = 'x@y.z,false\n'.repeat(200);
  const { result, begun } = await importWith(engine, file('a.csv', manyRows(400) + none + 'last@b.c,true\n'));
  const id = result.importId;
  expect([...engine.stored].map(([key, { rows }]) => [key, rows.length])).toEqual([
    [`${id}/1`, 180],
    [`${id}/2`, 180],
    [`${id}/4`, 1],
  ]);
  expect([begun, result.counts]).toEqual([3, expect.objectContaining({ created: 361, dropped: 240 })]);
});

describe('after a stop', () => {
  const rows = 1_100;
  it.each([0, 1, 2, 3, 4, 5, 6])('at batch %i goes on and hands each row over once', async (batch) => {
    const path = file('a.csv', manyRows(rows));
    const whole = new FakeEngine();
    const expected = await importWith(whole, path);

    const engine = new FakeEngine(() => 2);
    const stop = new AbortController();
    engine.onStart = (number) => number === batch && stop.abort();
    if (batch === 0) stop.abort();
    const first = await importWith(engine, path, { stop: stop.signal });
    expect(first.failure?.message ?? '').toMatch(/go on in the background.*deskbridge contacts import \S+a\.csv$/);
    expect(first.result.rows).toBeLessThan(rows);
    expect(first.report.length).toBe(first.result.counts.dropped);

    const second = await importWith(engine, path);
    expect(engine.lines).toEqual(whole.lines);
    expect(second.result).toEqual(expected.result);
    expect([...second.report].sort()).toEqual([...expected.report].sort());
    expect(second.begun).toBe(6 - batch);
  });
});

it('reads the results of an import that was done before, unless it is to be made again', async () => {
  const path = file('a.csv', manyRows(300));
  const engine = new FakeEngine();
  const first = await importWith(engine, path);
  const second = await importWith(engine, path);
  expect([second.begun, second.result]).toEqual([0, first.result]);
  const third = await importWith(engine, path, { again: true, now: () => new Date('2026-12-01T10:20:30.5Z') });
  expect([third.begun, third.result.importId]).toEqual([2, `${first.result.importId}-20261201102030`]);
});

it('tells rows apart that the config left out when their batch was begun', async () => {
  const path = file('a.csv', `${HEADER}a@b.c,true\nd@e.f,true\n`);
  const engine = new FakeEngine();
  const start = engine.start.bind(engine);
  engine.start = (id, batch, sent) => start(id, batch, sent.slice(0, 1));
  const { result, report, failure } = await importWith(engine, path);
  expect(result.counts).toMatchObject({ created: 1, 'not-sent': 1 });
  expect([report, failure]).toEqual([[expect.stringMatching(/^3,not-sent,.*--again/)], expect.any(WorkFailedError)]);
});

it('keeps the rows of one contact in order over batches', async () => {
  const person = (row: number): string => (row % 150 === 7 ? 'same@b.c' : `p${row}@b.c`);
  const rows = Array.from({ length: 2_000 }, (_, row) => `${person(row)},u${row},true\n`).join('');
  // Early batches take longest, so that each would be overtaken.
  const engine = new FakeEngine((batch) => 20 - batch);
  engine.onStart = (_, started) => {
    const open = new Set(engine.open.filter((row) => !started.includes(row)).flatMap(({ event }) => event.ids));
    expect(started.filter(({ event }) => event.ids.some((id) => open.has(id)))).toEqual([]);
  };
  const { result } = await importWith(engine, file('a.csv', `email,user_id,marketing_consent\n${rows}`));
  expect([result.counts.created, engine.mostOpen]).toEqual([2_000, 200]);
});

it('holds few rows of a large file, however slow the engine is', async () => {
  const engine = new FakeEngine((batch) => batch % 5);
  const { result, states } = await importWith(engine, file('a.csv', manyRows(50_000)));
  expect(result).toMatchObject({ rows: 50_000, counts: { created: 45_000, dropped: 5_000 } });
  expect(engine.lines).toEqual([...engine.lines].sort((a, b) => a - b));
  expect(engine.mostOpen).toBeLessThanOrEqual(600);
  expect(states.every(({ done, total }) => done <= total && total === 50_000)).toBe(true);
});

it('says once what waits for a person, and when it goes on', async () => {
  const engine = new FakeEngine(() => 4);
  engine.attention = { reason: 'unauthorized', detail: 'Freshdesk refuses the key.', remedy: 'Set FRESHDESK_API_KEY.' };
  const { said } = await importWith(engine, file('a.csv', manyRows(500)));
  expect(said.slice(1)).toEqual([
    'The import waits for a person (unauthorized): Freshdesk refuses the key. Remedy: Set FRESHDESK_API_KEY.',
    'The import goes on.',
  ]);
});

it('stops when the file is changed meanwhile, and keeps the report so far', async () => {
  const path = file('a.csv', manyRows(900));
  const engine = new FakeEngine();
  engine.onStart = (batch) => batch === 2 && writeFileSync(path, manyRows(901));
  await expect(importWith(engine, path)).rejects.toThrow(/was changed during its import/);
  expect(existsSync(`${path}.report.csv`)).toBe(true);
});

describe('the report', () => {
  it('holds what was not done, with the original cells, and only its owner may read it', async () => {
    const rows = [
      'name,email,marketing_consent',
      '"=cmd()",a@b.c,true',
      '"Bo, Jr",d@e.f,yes',
      '+447700900123,g@h.i,true',
    ];
    const more = ['x,j@k.l,true,5', 'y,"m', 'z,n@o.p,true'];
    const engine = new FakeEngine();
    engine.outcomeOf = ({ line }) =>
      line === 2
        ? { outcome: 'rejected', detail: 'name: bad' }
        : line === 4
          ? { outcome: 'conflict', detail: '@holder' }
          : {};
    const path = file('a.csv', [...rows, ...more].join('\n'));
    const { result, report, failure } = await importWith(engine, path);
    expect(report).toEqual([
      "2,rejected,name: bad,'=cmd(),a@b.c,true",
      '3,dropped,no-consent (nothing says true or something says false),"Bo, Jr",d@e.f,yes',
      "4,conflict,'@holder,+447700900123,g@h.i,true",
      '5,invalid,4 cells where the header has 3; put quotation marks around cells that hold the delimiter,x,j@k.l,true',
      expect.stringMatching(/^6,invalid,"?a quotation mark is out of place.*,,,$/),
    ]);
    expect(result.report).toBe(`${path}.report.csv`);
    expect(statSync(String(result.report)).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.report.csv.part`)).toBe(false);
    expect(failure?.message).toMatch(/^4 rows need a person: 1 rejected, 1 in conflict, 2 invalid/);
  });

  it('goes when there is nothing to report any more, and dropped rows alone are no failure', async () => {
    const path = file('a.csv', manyRows(20));
    const first = await importWith(new FakeEngine(), path);
    expect([first.report.length, first.failure]).toEqual([2, null]);
    writeFileSync(path, `${HEADER}a@b.c,true\n`);
    const { result } = await importWith(new FakeEngine(), path);
    expect([result.report, existsSync(`${path}.report.csv`)]).toEqual([null, false]);
  });

  it('can be imported itself once its rows are mended, again and again', async () => {
    const path = file('a.csv', `\uFEFFemail;marketing_consent;name\r\na@b.c;no;Ann\r\n`);
    const first = await importWith(new FakeEngine(), path);
    const again = await importWith(new FakeEngine(), String(first.result.report));
    expect(again.said.filter((line) => line.includes('column'))).toEqual([]);
    const text = readFileSync(String(again.result.report), 'utf8');
    expect(text).toMatch(/^\uFEFFline;outcome;reason;email;marketing_consent;name\n2;dropped;[^\n]+;a@b.c;no;Ann\n$/);
    const mended = new FakeEngine();
    await importWith(mended, file('mended.csv', text.replace(';no;', ';true;')));
    expect(mended.items).toEqual([
      { type: 'identify', traits: { email: 'a@b.c', name: 'Ann', marketing_consent: true } },
    ]);
  });
});
