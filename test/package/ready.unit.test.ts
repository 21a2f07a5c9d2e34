import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface ReadyModule {
  nodeProblem: (version: string) => string | undefined;
  installNeeded: (root: string, withDev: boolean) => boolean;
  buildNeeded: (root: string) => boolean;
  ready: (options: { root: string; build?: boolean; say: (text: string) => void }) => void;
}

const { nodeProblem, installNeeded, buildNeeded, ready } = jest.requireActual<ReadyModule>('../../scripts/ready.js');

let root: string;
const put = (name: string, content: unknown) => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const lock = (packages: object) => ({ lockfileVersion: 3, packages });
const express = { version: '5.3.0', integrity: 'sha512-a' };
const jestItself = { version: '30.5.2', integrity: 'sha512-b', dev: true };
const wanted = { '': { name: 'deskbridge' }, 'node_modules/express': express, 'node_modules/jest': jestItself };
const installed = { 'node_modules/express': express, 'node_modules/jest': jestItself };

beforeEach(() => {
  // A blank in the path must not matter.
  root = mkdtempSync(join(tmpdir(), 'deskbridge ready '));
  put('package-lock.json', lock(wanted));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('installing', () => {
  it('is needed when nothing is installed, or an install was never finished', () => {
    expect(installNeeded(root, true)).toBe(true);
    put('node_modules/express/package.json', {});
    expect(installNeeded(root, true)).toBe(true);
  });

  it('is not needed when what is installed is what the lock file says', () => {
    put('node_modules/.package-lock.json', lock(installed));
    expect(installNeeded(root, true)).toBe(false);
    expect(installNeeded(root, true)).toBe(false);
  });

  it('is needed when a package has another version, other content, or is missing', () => {
    for (const packages of [
      { ...installed, 'node_modules/express': { ...express, version: '5.2.0' } },
      { ...installed, 'node_modules/express': { ...express, integrity: 'sha512-c' } },
      { 'node_modules/jest': jestItself },
    ]) {
      put('node_modules/.package-lock.json', lock(packages));
      expect(installNeeded(root, true)).toBe(true);
    }
  });

  it('is needed again after the lock file has changed', () => {
    put('node_modules/.package-lock.json', lock(installed));
    expect(installNeeded(root, true)).toBe(false);
    put('package-lock.json', lock({ ...wanted, 'node_modules/express': { ...express, version: '5.4.0' } }));
    expect(installNeeded(root, true)).toBe(true);
  });

  it('does not miss optional packages of other platforms, nor development packages where nothing is built', () => {
    put('package-lock.json', lock({ ...wanted, 'node_modules/fsevents': { version: '2.3.3', optional: true } }));
    put('node_modules/.package-lock.json', lock({ 'node_modules/express': express }));
    expect(installNeeded(root, false)).toBe(false);
    expect(installNeeded(root, true)).toBe(true);
  });
});

describe('building', () => {
  beforeEach(() => {
    put('node_modules/.package-lock.json', lock(installed));
    put('tsconfig.build.json', {});
    put('src/main.ts', 'first');
    put(
      'node_modules/typescript/bin/tsc',
      `require('node:fs').mkdirSync('dist', { recursive: true });
       if (require('node:fs').readFileSync('src/main.ts', 'utf8') === 'wrong') { console.log('src/main.ts(1,1): error'); process.exit(2); }`,
    );
    put('scripts/build-workflows.js', `require('node:fs').writeFileSync('dist/workflow-bundle.js', '')`);
  });

  const run = () => {
    let said = '';
    ready({ root, say: (text) => (said += text) });
    return said;
  };

  it('happens when dist is missing, and not again', () => {
    expect(run()).toMatch(/^Compiling … done in [\d.]+ s\nBundling workflows … done in [\d.]+ s\n$/);
    expect(existsSync(join(root, 'dist/workflow-bundle.js'))).toBe(true);
    expect(run()).toBe('');
  });

  it('happens again when a source changes, appears or goes', () => {
    run();
    put('src/main.ts', 'second');
    expect(run()).toContain('Compiling');
    put('workflows/new.ts', '');
    expect(run()).toContain('Compiling');
    rmSync(join(root, 'workflows/new.ts'));
    expect(run()).toContain('Compiling');
    expect(run()).toBe('');
  });

  it('shows what the compiler said when it fails, and is tried again', () => {
    put('src/main.ts', 'wrong');
    expect(run).toThrow(/Compiling failed:\nsrc\/main\.ts\(1,1\): error/);
    expect(buildNeeded(root)).toBe(true);
  });

  it('is left out on request, and where there are no sources', () => {
    ready({ root, build: false, say: () => undefined });
    expect(existsSync(join(root, 'dist'))).toBe(false);
    rmSync(join(root, 'tsconfig.build.json'));
    expect(buildNeeded(root)).toBe(false);
  });
});

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
  it.each(['20.18.3', '18.20.0'])('%s is refused with what is needed', (version) => {
    expect(nodeProblem(version)).toBe(`Deskbridge needs Node 20.19 or newer; this is Node ${version}.`);
  });
});
