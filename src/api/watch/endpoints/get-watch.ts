import { readPeopleFigures } from '../../../db/directory/people-figures';
import { listRefusals } from '../../../db/directory/beliefs/refusals';
import { readWorkerAway } from '../../../db/directory/worker-state';
import { listOwedUsers } from '../../../db/users/owed-users';
import { listGivenUp } from '../../../db/watch/given-up';
import { countReactions, listFloods, listHalted } from '../../../db/watch/reactions';
import { listReplacedGroups } from '../../../db/watch/replaced-groups';
import { readSettings } from '../../../db/admin/settings';
import { readWatchState } from '../../../db/watch/watch-state';
import { workerAway } from '../../../domain/rollout/waiting-for';
import { peopleText } from '../../../domain/watch/people-figures';
import { organizationAddress } from '../../http/parameters/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { whyNoWorker } from '../../jobs/why-no-worker';
import { refusedListView } from '../refused-list-view';
import { watch as schema } from '../schema';
import { givenUpView, owedView, replacedGroupView, waitingPlanView } from '../watch-view';

/** Users named in `givenUp` and in `owed`; the others are counted. */
const mostNamed = 100;

export const getWatchEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/watch',
  tag: 'Watch',
  role: 'viewer',
  summary: 'Show the watch of the directory and what it found',
  description:
    "The watch finds new users and group changes and reconciles them by rollouts that start automatically. It can't be turned off; its interval is a setting.",
  replies: { 200: { description: 'The watch', schema } },
  async handle({ deps, organization }) {
    const { orgId } = organization;
    const { settings } = await readSettings(deps.db, orgId);
    const { baselineAt, lookedAt, looks, readBy, lastError } = await readWatchState(deps.db, orgId);
    const figures = await countReactions(deps.db, orgId);
    const floods = await listFloods(deps.db, orgId);
    const halted = await listHalted(deps.db, orgId);
    const replaced = await listReplacedGroups(deps.db, orgId);
    const givenUp = await listGivenUp(deps.db, orgId, mostNamed);
    const owed = await listOwedUsers(deps.db, orgId, mostNamed);
    const refused = await listRefusals(deps.db, orgId);
    const people = await readPeopleFigures(deps.db, orgId);
    const away = await whyNoWorker(deps, await readWorkerAway(deps.db, orgId));
    const self = organizationAddress(orgId);
    const body = {
      baselineAt: baselineAt?.toISOString() ?? null,
      lookedAt: lookedAt?.toISOString() ?? null,
      looks,
      readBy,
      ...settings.watch,
      ...figures,
      floods: floods.map((plan) => waitingPlanView(orgId, plan)),
      halted: halted.map((plan) => waitingPlanView(orgId, plan)),
      givenUp: givenUpView(orgId, givenUp),
      owed: owedView(orgId, owed),
      refused: refused.map(refusedListView),
      people: { ...people, text: peopleText(people) },
      replacedGroups: replaced.map((one) => replacedGroupView(orgId, one)),
      lastError,
      waitingFor: workerAway(away),
      links: { rollouts: `${self}/rollouts`, settings: `${self}/settings` },
    };
    return { status: 200, body };
  },
});
