import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { readMembers } from './read-groups';

/** Reading one group whose first template is about to be saved (R91). */
export function readGroupMembersActivities(
  deps: ActivityDeps,
): Pick<Activities, 'readGroupMembers'> {
  return {
    async readGroupMembers({ orgId, groupId }) {
      if (orgId !== deps.orgId) {
        throw refusal('WebexForbidden', 'The Webex credential opens another organization');
      }
      try {
        const { doubtful } = await withHeartbeats((read) =>
          readMembers(deps, { orgId, groupIds: [groupId] }, read),
        );
        return { isWhole: doubtful.length === 0 };
      } catch (error) {
        throw toFailure(error);
      }
    },
  };
}
