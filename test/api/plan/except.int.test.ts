import type { Fault } from '../../../src/api/http/problem';
import { groupIdOf, personIdOf, seedDirectory, site } from '../../support/api/seed';
import { startTestApi, type TestApi } from '../../support/api/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());

const change = {
  kind: 'remove-services',
  services: ['messaging'],
  from: { organization: true },
};

describe('what a request leaves out', () => {
  it('R103 is stored by id and code, whatever it is named by', async () => {
    const except = {
      users: ['ADA@acme.example'],
      groups: ['Sales'],
      offers: ['Advanced Messaging', 'ee', `attendee@${site}`],
    };
    const created = await api.call('post', 'rollouts', { body: { change, except } });
    expect(created.status).toBe(202);
    expect(created.body.request.except).toEqual({
      users: [personIdOf(1)],
      groups: [groupIdOf(1)],
      offers: ['MS', 'EE', `attendee@${site}`],
    });
  });

  it('R103 R56 R57 has to be there, and something that a plan can leave out', async () => {
    const except = {
      users: ['ghost@acme.example'],
      groups: ['Nowhere'],
      offers: ['XYZ', 'FTM'],
    };
    const refused = await api.call('post', 'rollouts', { body: { change, except } });
    const errors = refused.body.errors as Fault[];
    expect(errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/except/users/0', 'unknown-user'],
      ['/except/groups/0', 'unknown-group'],
      ['/except/offers/0', 'unknown-offer'],
      ['/except/offers/1', 'not-alone'],
    ]);
  });
});
