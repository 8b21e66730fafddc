import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { told } from './environment';

export interface TestTemporal {
  address: string;
  namespace: string;
  client: Client;
  /** For `Worker.create`. */
  connection: NativeConnection;
  /** Call it in `afterAll`, when the workers have stopped: jest would not exit otherwise. */
  close(): Promise<void>;
}

let isQuiet = false;

/** Only what is wrong is worth a line among test results. It works once per test file. */
function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}

/** Connections to the dev server of this run. Call it once per file, before anything makes a worker. */
export async function connectTemporal(): Promise<TestTemporal> {
  quietRuntime();
  const address = told('temporalAddress');
  const clientConnection = await Connection.connect({ address });
  const connection = await NativeConnection.connect({ address });
  const close = async () => {
    await clientConnection.close();
    await connection.close();
    await Runtime.instance().shutdown();
  };
  const client = new Client({ connection: clientConnection, namespace: 'default' });
  return { address, namespace: 'default', client, connection, close };
}

/** A server that skips time: 24 hours pass in less than a second. Stop it with `teardown()`. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  return await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: told('testServerPath') } },
  });
}
