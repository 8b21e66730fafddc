import { allScopes } from '../../../src/simulator/state/tokens';
import type { World } from '../../support/world';
import { WatchStage } from '../../support/watch-stage';

describe('the watch with fewer rights', () => {
  const often = { intervalSeconds: 86_400, floodLimit: 20 };

  it('R14 reads the pages of people where the token may not read SCIM', async () => {
    const token = 'token-without-scim-people';
    const prepare = async ({ simulator }: World) => {
      const scopes = allScopes.filter((scope) => !scope.startsWith('identity:people'));
      await fetch(`${simulator.url}/_simulator/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, scopes }),
      });
    };
    const options = { simulator: { users: 20, seed: 3 }, env: { WEBEX_ACCESS_TOKEN: token } };
    const stage = await WatchStage.open(options, often, prepare);
    try {
      await stage.makePlenty('MS');
      await stage.saveTemplate(null, ['FMS', 'MS']);
      const personId = await stage.addPerson('by-pages');
      await stage.lookAndReconcile();
      expect(await stage.watch()).toMatchObject({ readBy: 'people', lastError: null });
      expect(await stage.offersOf(personId)).toContain('MS');
    } finally {
      await stage.world.close();
    }
  });

  it('R14 reports what it finds and starts no rollout while writing is switched off', async () => {
    const env = { WEBEX_READ_ONLY: 'true' };
    const stage = await WatchStage.open({ simulator: { users: 20, seed: 3 }, env }, often);
    try {
      await stage.saveTemplate(null, ['FMS', 'MS']);
      await stage.addPerson('read-only');
      expect(await stage.look()).toMatchObject({
        waiting: 1,
        lastError: 'WEBEX_READ_ONLY is set: 1 user waits',
      });
      expect(await stage.rollouts()).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});
