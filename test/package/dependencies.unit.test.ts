/** What the table of dependencies says, and when it fails. */
interface DependenciesModule {
  judge: (
    installed: { name: string; version: string; licence: string }[],
    outdated: Record<string, { latest: string }> | null,
    advisories: Record<string, { severity: string }> | null,
  ) => { rows: string[][]; problems: string[] };
  table: (rows: string[][]) => string;
}
const { judge, table } = jest.requireActual<DependenciesModule>('../../scripts/dependencies.js');

const INSTALLED = [
  { name: 'a', version: '1.2.3', licence: 'MIT' },
  { name: 'typescript', version: '6.0.3', licence: 'Apache-2.0' },
  { name: 'zero', version: '0.57.2', licence: 'Apache-2.0' },
];

it('is content with newer versions of the same major, and with what is held back for a reason', () => {
  const { rows, problems } = judge(INSTALLED, { a: { latest: '1.9.0' }, typescript: { latest: '7.0.2' } }, {});
  expect(problems).toEqual([]);
  expect(rows).toEqual([
    ['a', '1.2.3', '1.9.0', 'MIT', 'none', ''],
    ['typescript', '6.0.3', '7.0.2', 'Apache-2.0', 'none', 'the linters do not run on 7'],
    ['zero', '0.57.2', '0.57.2', 'Apache-2.0', 'none', ''],
  ]);
});

it('names what is a major behind, a minor below 1.0', () => {
  const { problems } = judge(INSTALLED, { a: { latest: '2.0.0' }, zero: { latest: '0.58.0' } }, {});
  expect(problems).toEqual(['a: 1.2.3 is a major behind 2.0.0', 'zero: 0.57.2 is a major behind 0.58.0']);
});

it('names every package with an advisory, also one that others bring along', () => {
  const { rows, problems } = judge(INSTALLED, {}, { a: { severity: 'high' }, deep: { severity: 'low' } });
  expect(problems).toEqual(['a: high advisory', 'deep: low advisory']);
  expect(rows[0]?.[4]).toBe('high');
});

it('claims nothing that could not be asked', () => {
  const { rows, problems } = judge(INSTALLED, null, null);
  expect(problems).toEqual([]);
  expect(rows[0]).toEqual(['a', '1.2.3', '?', 'MIT', '?', '']);
});

it('is a Markdown table', () => {
  const lines = table([['a', '1.2.3', '1.2.3', 'MIT', 'none', '']]).split('\n');
  expect(lines[0]).toBe('| Package | Installed | Newest here | Licence | Advisories | Remark |');
  expect(lines[2]).toBe('| a       | 1.2.3     | 1.2.3       | MIT     | none       |        |');
});
