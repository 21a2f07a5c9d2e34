/** What may import what; eslint knows files one by one, this knows the whole tree. */

/** From above to below; all that is not named lies below them. */
const ROOMS = ['cli', 'service', 'http', 'setup', 'checks'];
const inside = (rooms) => `^src/(${rooms.join('|')})(/|\\.ts$)`;
const noArrowUp = (from, above) => ({
  name: 'no-arrow-runs-up',
  comment: 'A room imports from those below it, types too: `src/service.ts` is of the room `service`.',
  severity: 'error',
  from,
  to: { path: inside(above) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...ROOMS.slice(1).map((room, at) => noArrowUp({ path: inside([room]) }, ROOMS.slice(0, at + 1))),
    noArrowUp({ path: '^(src|activities|workflows)/', pathNot: inside(ROOMS) }, ROOMS),
    {
      name: 'workflows-are-deterministic',
      comment: 'Orchestration imports rules and words; everything else as types only.',
      severity: 'error',
      from: { path: '^workflows' },
      to: {
        pathNot: ['^workflows', '^src/(domain|contract)', '@temporalio/(workflow|common)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflow-rules-are-light',
      comment: 'The mapping pulls in HTML and phone libraries: it runs in activities.',
      severity: 'error',
      from: { path: '^workflows' },
      to: { path: '^src/domain/mapping', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sandbox-is-a-world-of-its-own',
      comment: 'A fake that shares code with what it tests shares its mistakes; the look of pages is no such thing.',
      severity: 'error',
      from: { path: '^sandbox' },
      to: { path: '^(workflows|activities|engine|src/(?!page|config/loopback))' },
    },
    {
      name: 'one-door-to-a-house',
      comment: 'What sandbox and engine give to others goes through their index.',
      severity: 'error',
      from: { path: '^(src|workflows|activities)' },
      to: { path: '^(sandbox|engine)/', pathNot: '^(sandbox|engine)/index\\.ts$' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(src|sandbox|engine|workflows|activities)' },
      to: { dependencyTypes: ['npm-no-pkg', 'unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
  },
};
