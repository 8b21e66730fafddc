import tseslint from 'typescript-eslint';

const measuresNothing =
  'A test measures neither memory nor time: wait for a condition, or move the figure to bench/.';

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.cache', '.data', 'coverage', 'test/replay/histories'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
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
          message: 'Only src/config/load-config.ts reads the environment.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60 }],
      complexity: ['error', { max: 12 }],
    },
  },
  {
    files: ['src/**/*.ts'],
    // The embedded server makes its database before there is anything else.
    ignores: ['src/db/**', 'src/embedded/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TaggedTemplateExpression[tag.name="sql"]',
          message: 'Only src/db speaks SQL: give the statement a function there.',
        },
        {
          selector:
            'CallExpression[callee.property.name=/^(query|execute)$/][arguments.0.type=/^(Literal|TemplateLiteral)$/]',
          message: 'Only src/db speaks SQL: give the statement a function there.',
        },
      ],
    },
  },
  {
    files: ['src/config/load-config.ts', 'test/**', 'bench/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'no-restricted-properties': [
        'error',
        ...[
          ['process', 'memoryUsage'],
          ['process', 'resourceUsage'],
          ['process', 'cpuUsage'],
          ['process', 'hrtime'],
          ['process', 'uptime'],
          ['performance', 'now'],
        ].map(([object, property]) => ({
          object,
          property,
          message: measuresNothing,
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'BinaryExpression[operator="-"][left.callee.object.name="Date"][left.callee.property.name="now"][right.type=/^(Identifier|MemberExpression)$/]',
          message: measuresNothing,
        },
      ],
    },
  },
);
