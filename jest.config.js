/**
 * The suffix of a test file decides which servers are started for it: none for `*.test.ts`,
 * PostgreSQL for `*.int.test.ts`, PostgreSQL and Temporal for `*.e2e.test.ts`.
 */
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(int|e2e)\\.test\\.ts$'],
      setupFilesAfterEnv: ['<rootDir>/test/support/unit-setup.ts'],
    },
    {
      ...base,
      displayName: 'int',
      testMatch: ['<rootDir>/test/**/*.int.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/int-time-limit.ts'],
      globalSetup: '<rootDir>/test/support/int-setup.ts',
      globalTeardown: '<rootDir>/test/support/teardown.ts',
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/e2e-time-limit.ts'],
      globalSetup: '<rootDir>/test/support/e2e-setup.ts',
      globalTeardown: '<rootDir>/test/support/teardown.ts',
    },
  ],
};
