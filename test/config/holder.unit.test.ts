import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigHolder } from '../../src/config/holder';
import { loadConfigFile } from '../../src/config/load';
import { ConfigError } from '../../src/config/problems';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-config-'));
  file = join(folder, 'deskbridge.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

const refusal = async (path: string): Promise<string> => {
  const error: unknown = await loadConfigFile(path).catch((reason: unknown) => reason);
  return error instanceof ConfigError ? error.message : 'no ConfigError';
};

describe('the config file', () => {
  it('is named with the remedy when it is missing', async () => {
    const message = await refusal(file);
    expect(message).toContain(`${file}:1:1  there is no such file`);
    expect(message).toContain('DESKBRIDGE_CONFIG');
  });

  it('is refused when it is a folder, too large, or not text', async () => {
    expect(await refusal(folder)).toContain('this is not a file');
    await writeFile(file, `#${' '.repeat(1_000_001)}`);
    expect(await refusal(file)).toContain('larger than 1 MB');
    await writeFile(file, Buffer.from([0x61, 0xff, 0xfe]));
    expect(await refusal(file)).toContain('not UTF-8');
  });

  it('may begin with a byte order mark and end its lines as Windows does', async () => {
    await writeFile(file, '\uFEFFdispatch:\r\n  afterCreate: draft\r\n');
    expect((await loadConfigFile(file)).dispatch.afterCreate).toBe('draft');
  });
});

describe('the config in force', () => {
  it('is replaced by a good file as a whole', async () => {
    await writeFile(file, 'dispatch: { afterCreate: draft }');
    const holder = await ConfigHolder.open(file);
    const before = holder.current();
    await writeFile(file, 'dispatch: { attachments: false }');
    expect(await holder.reload()).toEqual([]);
    expect(holder.current().dispatch).toMatchObject({ afterCreate: 'publish', attachments: false });
    expect(before.dispatch.afterCreate).toBe('draft');
  });

  it('stays when the new file is broken or gone, and takes the mended one', async () => {
    await writeFile(file, 'dispatch: { afterCreate: draft }');
    const holder = await ConfigHolder.open(file);
    const before = holder.current();
    await writeFile(file, 'dispatch: { afterCreate: pubish }\nalerts: { colour: red }');
    expect((await holder.reload()).map(({ line }) => line)).toEqual([1, 2]);
    expect(holder.current()).toBe(before);
    await rm(file);
    expect(await holder.reload()).toHaveLength(1);
    expect(holder.current()).toBe(before);
    await writeFile(file, 'dispatch: { afterCreate: publish }');
    const reloads = await Promise.all([holder.reload(), holder.reload()]);
    expect(reloads).toEqual([[], []]);
    expect(holder.current().dispatch.afterCreate).toBe('publish');
  });

  it('is never opened with a broken file', async () => {
    await writeFile(file, 'alerts: 5');
    await expect(ConfigHolder.open(file)).rejects.toThrow(ConfigError);
  });
});
