/** What global setup tells the test processes, which inherit its environment. */
const names = {
  databaseUrl: 'SEATWISE_TEST_DATABASE_URL',
  temporalAddress: 'SEATWISE_TEST_TEMPORAL_ADDRESS',
  testServerPath: 'SEATWISE_TEST_SERVER_PATH',
  temporalCliPath: 'SEATWISE_TEST_TEMPORAL_CLI',
  workflowBundle: 'SEATWISE_TEST_WORKFLOW_BUNDLE',
} as const;
export type Fact = keyof typeof names;

export function publish(fact: Fact, value: string): void {
  process.env[names[fact]] = value;
}

export function told(fact: Fact): string {
  const value = process.env[names[fact]];
  if (value === undefined) {
    throw new Error(`Nothing prepared ${fact}: is the suffix of this test file right?`);
  }
  return value;
}
