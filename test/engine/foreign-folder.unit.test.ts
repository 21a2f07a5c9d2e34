/** What a folder or an environment of others may not do: name a program that is run, or hand secrets on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goEnv } from '../../engine/go-build';

const { lockPath } = jest.requireActual<{ lockPath: (root: string) => string }>('../../scripts/ready-lock.js');

/** A process of its own: jest's `process.env` is not the one that a `.env` is read into. */
const SCRIPT = `
  const swc = require('@swc/core');
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
  require.extensions['.ts'] = (module, file) => module._compile(swc.transformFileSync(file, options).code, file);
  const { readSettings } = require('./src/cli/context.ts');
  process.chdir(process.argv[1]);
  const { logLevel } = readSettings();
  console.log(JSON.stringify({ logLevel, program: process.env.TEMPORAL_CLI_PATH ?? null }));`;

it('takes the path of a program from no .env of a foreign folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-foreign-'));
  writeFileSync(join(folder, '.env'), 'TEMPORAL_CLI_PATH=/tmp/evil\nLOG_LEVEL=warn\n');
  const { PATH, HOME } = process.env;
  const read = (more: object): unknown => {
    const options = { cwd: resolve(__dirname, '../..'), env: { PATH, HOME, ...more }, encoding: 'utf8' } as const;
    return JSON.parse(execFileSync(process.execPath, ['-e', SCRIPT, folder], options));
  };
  try {
    expect(read({})).toEqual({ logLevel: 'warn', program: null });
    expect(read({ TEMPORAL_CLI_PATH: '/opt/temporal' })).toEqual({ logLevel: 'warn', program: '/opt/temporal' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('hands the Go build what it needs, and no secret', () => {
  const env = { PATH: '/bin', GOPROXY: 'off', HTTPS_PROXY: 'http://p', FRESHDESK_API_KEY: 'key', ADMIN_TOKEN: 'token' };
  expect(goEnv(env)).toEqual({ PATH: '/bin', GOPROXY: 'off', HTTPS_PROXY: 'http://p', GOWORK: 'off' });
});

it('locks an install in the copy itself, where no other user writes', () => {
  expect(resolve(lockPath('/srv/deskbridge'))).toBe('/srv/deskbridge/.ready.lock');
});
