import tseslint from 'typescript-eslint';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';

/** The import rule of ARCHITECTURE.md: what a folder may not reach. */
const forbidden = (from, except, message) => ({
  target: `./src/${from}`,
  from: './src',
  except,
  message,
});

const zones = [
  forbidden('domain', ['./domain'], 'The core is pure: it imports nothing of ours.'),
  forbidden(
    'workflows',
    ['./workflows', './domain', './activities/contract.ts'],
    'Workflows see the core and the types of activities, nothing else.',
  ),
  forbidden('webex', ['./webex', './domain'], 'The vendor edge knows only the core.'),
  forbidden('db', ['./db', './domain'], 'The database knows only the core.'),
  forbidden(
    'activities',
    ['./activities', './domain', './webex', './db', './workflows/messages.ts', './logger.ts'],
    'Activities join the core, the vendor and the database.',
  ),
  forbidden(
    'api',
    ['./api', './domain', './db', './workflows/messages.ts', './logger.ts'],
    'The API never calls Webex.',
  ),
  forbidden(
    'simulator',
    ['./simulator', './webex/wire.ts', './logger.ts'],
    'The simulator shares nothing but the wire schemas.',
  ),
  forbidden(
    'embedded',
    ['./embedded', './logger.ts'],
    'Embedded servers know nothing of the product.',
  ),
  forbidden(
    'worker',
    [
      './worker',
      './activities',
      './workflows',
      './domain',
      './webex',
      './db',
      './config.ts',
      './logger.ts',
      './temporal-connection.ts',
    ],
    'The worker hosts activities and upkeep.',
  ),
  forbidden(
    'demo',
    ['./demo', './domain', './local/start-local.ts'],
    'The demonstration uses the HTTP API, like anybody.',
  ),
];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.cache', '.data', 'coverage', 'test/replay/histories'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    // Without this no import of a .ts file is found, and the import rule sees nothing.
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })] },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config.ts reads the environment.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  { files: ['src/config.ts', 'test/**', 'bench/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
