/** Builds the pinned `temporal` program from its Go module: works where only package registries can be reached. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startProgress } from './progress';
import { runWithLines } from './run-with-lines';
import { PINNED_CLI_VERSION } from './versions';

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
/** `go list` finds a package stale by the same flags that `go build` compiles it with. */
const COMMON = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
const LD_FLAGS = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${PINNED_CLI_VERSION}`;

/** What Go and the compilers behind it need; our secrets are none of that. */
const FOR_GO =
  /^(PATH|PATHEXT|HOME|USER|TMPDIR|TMP|TEMP|LANG|LC_\w+|XDG_\w+|GO[A-Z0-9]*|CGO_\w+|CC|CXX|AR|https?_proxy|no_proxy|all_proxy|SSL_CERT_(FILE|DIR)|NETRC|SystemRoot|ComSpec|USERPROFILE|LOCALAPPDATA|APPDATA)$/i;

export const goEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => FOR_GO.test(name))),
  GOWORK: 'off',
});

export interface BuildOptions {
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  isTerminal: boolean;
}

/** `go1.26.8`, or undefined when no usable Go is on the PATH. */
export async function installedGo(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  // Asked for its own version only: in the module's folder an older Go would first fetch the newer one.
  const options = { env: goEnv(env), cwd: tmpdir(), timeout: 15_000 };
  return promisify(execFile)('go', ['env', 'GOVERSION'], options).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** Builds the program and writes it to `path`; shows how many packages are compiled. */
export async function buildProgram(path: string, { env, report, isTerminal }: BuildOptions): Promise<void> {
  const options = { cwd: moduleFolder(), env: goEnv(env) };
  let modules = 0;
  const fetching = startProgress({
    describe: () => `Getting the Go modules of the Temporal server: ${modules} so far`,
    report,
    isTerminal,
  });
  const toCompile = await runWithLines(
    'go',
    ['list', ...COMMON, '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', PACKAGE],
    { ...options, onErrorLine: (line) => line.startsWith('go: downloading ') && modules++ },
  ).finally(() => fetching.stop());

  const total = toCompile.split('\n').filter(Boolean).length;
  let compiled = 0;
  report(
    `Building Temporal ${PINNED_CLI_VERSION}: ${total} packages to compile (1700 take about 8 minutes on two cores).`,
  );
  const building = startProgress({
    describe: () =>
      compiled < total
        ? `Building the Temporal server: ${compiled} of ${total} packages compiled`
        : 'Building the Temporal server: linking',
    report,
    isTerminal,
  });
  // With -v, Go names each package on a line of its own as it gets to it.
  const countPackage = (line: string) => /^[^\s:#]+$/.test(line) && compiled++;
  await runWithLines('go', ['build', ...COMMON, '-ldflags', LD_FLAGS, '-v', '-o', path, PACKAGE], {
    ...options,
    onErrorLine: countPackage,
  }).finally(() => building.stop());
}

/** The folder of the pinned Go module, found from the sources as well as from `dist`. */
export function moduleFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'tools', 'temporal');
    if (existsSync(join(candidate, 'go.mod'))) return candidate;
  }
  throw new Error('tools/temporal/go.mod is missing from this copy of Deskbridge.');
}
