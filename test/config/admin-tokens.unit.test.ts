import { adminTokens } from '../../src/config/admin-tokens';
import { parseSettings, SettingsError } from '../../src/config/settings';

const problemsOf = (ADMIN_TOKEN: string): string[] => {
  try {
    return parseSettings({ ADMIN_TOKEN }) && [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain('canary');
    return error.problems.map(({ name, problem }) => `${name} ${problem}`);
  }
};

it('one plain token has no name', () => {
  expect(adminTokens('canary-admin-token')).toEqual([{ name: null, token: 'canary-admin-token' }]);
  expect(adminTokens(null)).toEqual([]);
});

it('several tokens have a name each, and blanks around them do not count', () => {
  const text = ' Ann Lee : canary-token-of-ann , bob@desk:canary-token:of-bob ';
  expect(problemsOf(text)).toEqual([]);
  expect(adminTokens(text)).toEqual([
    { name: 'Ann Lee', token: 'canary-token-of-ann' },
    { name: 'bob@desk', token: 'canary-token:of-bob' },
  ]);
});

it.each<[string, RegExp]>([
  ['canary', /^ADMIN_TOKEN has a token of fewer than 16 characters$/],
  ['ann:canary', /fewer than 16/],
  ['ann:canary-token-of-ann,bob:canary', /entry 2 of 2 has a token of fewer than 16/],
  ['ann:canary-token-of-ann,canary-token-of-bob', /entry 2 of 2 has no name before a colon/],
  [':canary-token-of-ann', /has no name/],
  ['<b>:canary-token-of-ann', /has no name/],
  ['ann:canary-token-of-ann,ann:canary-token-of-bob', /entry 2 of 2 repeats a name/],
  ['ann:canary-token-of-ann,bob:canary-token-of-ann', /entry 2 of 2 repeats a token/],
])('%s is refused without a byte of a token', (text, problem) => {
  expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
});
