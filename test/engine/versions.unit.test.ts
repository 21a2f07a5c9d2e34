import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFolder } from '../../engine/go-build';
import { compareVersions, PINNED_CLI_VERSION, PINNED_SERVER_VERSION } from '../../engine/versions';

describe('the pinned versions', () => {
  it('are those of the Go module that is built', () => {
    const goMod = readFileSync(join(moduleFolder(), 'go.mod'), 'utf8');
    expect(goMod).toContain(`github.com/temporalio/cli v${PINNED_CLI_VERSION} `);
    expect(goMod).toContain(`go.temporal.io/server v${PINNED_SERVER_VERSION} `);
  });

  it.each([
    ['1.31.2', '1.31.2', 0],
    ['1.9.0', '1.31.2', -1],
    ['1.31.10', '1.31.2', 1],
    ['2.0.0', '1.99.99', 1],
  ])('%s against %s compares by number', (left, right, sign) => {
    expect(Math.sign(compareVersions(left, right))).toBe(sign);
  });
});
