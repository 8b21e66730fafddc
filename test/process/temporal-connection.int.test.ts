import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Connection } from '@temporalio/client';
import { parseConfig } from '../../src/config/config';
import { temporalClientOptions } from '../../src/process/temporal-connection';
import { waitFor } from '../support/wait-for';

describe('temporalClientOptions', () => {
  it('lets a client knock every two seconds while Temporal is away, not every two minutes', async () => {
    let knocks = 0;
    const server = createServer((socket: Socket) => {
      knocks += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { temporal } = parseConfig({});
    const options = temporalClientOptions(temporal, `127.0.0.1:${port}`);
    const connection = Connection.lazy(options);
    const ask = () =>
      connection
        .withDeadline(Date.now() + 200, () => connection.workflowService.getSystemInfo({}))
        .catch(() => undefined);
    try {
      // By gRPC's own waits the twelfth attempt comes after more than four minutes.
      await waitFor(
        'the twelfth attempt',
        async () => {
          await ask();
          return knocks >= 12;
        },
        { withinMs: 45_000, everyMs: 100 },
      );
    } finally {
      await connection.close();
      server.close();
    }
  }, 60_000);
});
