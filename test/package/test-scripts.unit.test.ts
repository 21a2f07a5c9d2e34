/** Scripts that run a part of the tests run that part alone. */
import { execSync } from 'node:child_process';
import { delimiter, relative, resolve } from 'node:path';
import { scripts } from '../../package.json';

const ROOT = resolve(__dirname, '../..');
const PATH = [resolve(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);

/** The files that a script would run with these paths after it. */
function listed(script: 'test:unit' | 'test:fast', ...paths: string[]): string[] {
  const command = `${scripts[script].replace(/ --$/, ' --listTests --')} ${paths.join(' ')}`;
  const said = execSync(command, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, PATH } });
  return said.split('\n').flatMap((line) => (line.endsWith('.test.ts') ? [relative(ROOT, line)] : []));
}

it('runs one unit test file by its path', () => {
  const file = 'test/dispatch/status.unit.test.ts';
  expect(listed('test:unit', file)).toEqual([file]);
});

it('leaves the slow suites and what needs more than a Temporal server out of the fast tests', () => {
  const files = listed('test:fast');
  expect(files).toEqual(
    expect.arrayContaining(['test/dispatch/status.unit.test.ts', 'test/replay/replay.flow.test.ts']),
  );
  expect(
    files.filter((file) => /\.(e2e|process)\.test\.ts$|abuse-fuzz|abuse-sockets|hostile-upstream/.test(file)),
  ).toEqual([]);
});
