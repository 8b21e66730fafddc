import { once } from 'node:events';
import { request, type ClientRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orgId, seedDirectory } from '../../support/api/seed';
import { makeUploadFolder } from '../../support/api/upload-folder';
import { startTestApi, tokens, type TestApi } from '../../support/api/test-api';
import { waitFor } from '../../support/wait-for';

let api: TestApi;
let server: Server;
let arriving: () => Promise<number>;
beforeAll(async () => {
  const uploads = await makeUploadFolder();
  ({ arriving } = uploads);
  api = await startTestApi({ uploadFolder: uploads.uploadFolder });
  await seedDirectory(api.database.db);
  server = api.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.stop();
});

function upload(): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const sent = request({
    ...{ port, method: 'POST', path: `/v1/organizations/${orgId}/csv-imports` },
    headers: { Authorization: `Bearer ${tokens.admin}`, 'Content-Type': 'text/csv' },
  });
  sent.on('error', () => undefined);
  sent.write('User ID/Email (Required)\n');
  return sent;
}

describe('files that arrive slowly', () => {
  it('hold no connection to the database, and leave no file behind when they break off', async () => {
    const uploads = Array.from({ length: 40 }, upload);
    await waitFor('the files of the uploads', async () => (await arriving()) === 40);

    expect(api.database.db.$client.totalCount - api.database.db.$client.idleCount).toBe(0);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call('get', 'settings', { as: 'viewer' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));

    for (const sent of uploads) sent.destroy();
    await waitFor('the files of the uploads', async () => (await arriving()) === 0);
  });

  it('are 64 at most: further ones are told to come later', async () => {
    const uploads = Array.from({ length: 64 }, upload);
    await waitFor('the files of the uploads', async () => (await arriving()) === 64);
    const refused = await api.call('post', 'csv-imports', {
      body: 'x',
      headers: { 'Content-Type': 'text/csv' },
    });
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests']);
    expect(refused.get('Retry-After')).toBe('10');
    for (const sent of uploads) sent.destroy();
    await waitFor('the files of the uploads', async () => (await arriving()) === 0);
  });
});
