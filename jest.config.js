/** They take tens of seconds each: `npm run test:fast` leaves them out. */
const SLOW = [
  ...['abuse-bodies', 'abuse-fuzz', 'abuse-signatures', 'abuse-sizes', 'abuse-sockets', 'web-port'].map(
    (name) => `test/edge/${name}.unit`,
  ),
  'test/upstreams/hostile-upstream.unit',
];

/** Node requires ES modules, and lets any module import others; jest on Node 20 does neither. */
const ES_MODULES = `/node_modules/(${[
  ...['htmlparser2', 'domhandler', 'domutils', 'dom-serializer', 'domelementtype', 'entities'],
  '@opentelemetry/otlp-exporter-base',
].join('|')})/`;

/** Unit tests need nothing running; the others share one real Temporal server that the global set-up starts. */
const common = {
  testEnvironment: 'node',
  transform: {
    [`\\.ts$|${ES_MODULES}`]: [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Not left empty: jest would read every package through its transformer.
  transformIgnorePatterns: [`(?!.*${ES_MODULES})/node_modules/`],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.FAST ? SLOW : [])],
};

module.exports = {
  // Two side by side even on two cores: most of a test's time is waiting.
  maxWorkers: 2,
  // It only ends what hangs: no test says how fast something is, and machines are busy.
  testTimeout: 600_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.unit.test.ts'] },
    {
      ...common,
      displayName: 'server',
      testMatch: process.env.RECORD_HISTORIES
        ? ['<rootDir>/test/replay/record.ts']
        : [`<rootDir>/test/**/*.${process.env.FAST ? 'flow' : '{flow,e2e,process}'}.test.ts`],
      globalSetup: '<rootDir>/test/helpers/global-setup.ts',
      setupFilesAfterEnv: ['<rootDir>/test/helpers/server-setup.ts'],
      globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
    },
  ],
};
