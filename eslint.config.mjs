import tseslint from 'typescript-eslint';

const noAmbientWorld = ['process', 'console', 'setInterval', 'fetch', 'Buffer'].map((name) => ({
  name,
  message: 'Workflows and domain rules are deterministic: pass what is needed in.',
}));

const ofModule = (rest) => [`Program > ${rest}`, `Program > ExportNamedDeclaration > ${rest}`];
const sharedByAllRuns = [
  ...ofModule('VariableDeclaration[kind!="const"]'),
  ...ofModule(
    'VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Weak)?(Map|Set)$/][arguments.length=0]',
  ),
].map((selector) => ({
  selector,
  message: 'One copy of a module serves all runs of a worker: what changes belongs to the run.',
}));

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', '**/*.js', '**/*.mjs', '**/*.cjs', '.deskbridge/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...sharedByAllRuns],
      'no-restricted-globals': ['error', ...noAmbientWorld],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'zod', '@temporalio/client', '@temporalio/worker', '@temporalio/activity'],
              message: 'Not in workflow code.',
            },
            {
              group: ['**/activities', '**/activities/**'],
              allowTypeImports: true,
              message: 'Types of activities only.',
            },
            {
              group: [
                '**/clients/**',
                '**/config/**',
                '**/http/**',
                '**/sandbox/**',
                '**/engine/**',
                '**/temporal/**',
                '**/cli/**',
              ],
              allowTypeImports: true,
              message: 'Workflows import src/domain and src/contract only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/domain/**/*.ts', 'src/contract/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...sharedByAllRuns],
      'no-restricted-globals': ['error', ...noAmbientWorld],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'node:*',
                'zod',
                '@temporalio/{client,worker,activity,testing}',
                '**/clients/**',
                '**/config/**',
                '**/activities/**',
              ],
              allowTypeImports: true,
              message: 'Pure rules only.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/cli/**/*.ts', 'scripts/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-restricted-exports': 'off',
    },
  },
);
