import type { Queryable } from '../../db/connect';
import type { OrganizationRow } from '../../db/directory/find-directory';
import type { StoredTemplate } from '../../db/templates/templates';
import { completeRequest, type PartialRequest } from '../../domain/kinds/complete-request';
import type {
  RolloutChange,
  RolloutRequest,
  SampleSize,
  WaveSpec,
} from '../../domain/request/rollout-request';
import { completeChange } from './complete-change';
import { Problem, type Fault } from '../http/problem';
import { resolveOffers } from '../directory/resolve-offers';
import { named, resolveGroups, resolveUsers } from '../directory/resolve-references';
import type { ReplanBody, RolloutRequestBody } from '../rollout/request-schema';

type SizeBody = { count: number } | { percent: number; atLeast?: number | undefined };
type WaveBody = NonNullable<RolloutRequestBody['waves']>[number];
/** A request without what it is about. */
export type RequestOptionsBody = Omit<RolloutRequestBody, 'change'>;

/** The request as it is stored, and the template that it is about. */
export interface CompletedRequest {
  request: RolloutRequest;
  template: StoredTemplate | null;
}

/**
 * Looks up everything that a request names and fills in the defaults. Throws `unknown-reference`
 * with a fault for each thing that doesn't exist, all at once.
 */
export async function completeRequestBody(
  db: Queryable,
  organization: OrganizationRow,
  body: RolloutRequestBody,
): Promise<CompletedRequest> {
  const answer = await completeChange(db, organization, body.change);
  const people = await completePeople(db, organization, body);
  const faults = [...answer.faults, ...people.faults];
  if (answer.change === null || faults.length > 0) throw unknownReference(faults);
  const request = requestOf(answer.change, body, people);
  return { request, template: answer.template };
}

/** A request whose change names nothing that has to be looked up. */
export async function completeRequestOptions(
  db: Queryable,
  organization: OrganizationRow,
  asked: { change: RolloutChange; body: RequestOptionsBody },
): Promise<RolloutRequest> {
  const people = await completePeople(db, organization, asked.body);
  if (people.faults.length > 0) throw unknownReference(people.faults);
  return requestOf(asked.change, asked.body, people);
}

/** R102: the stored request, with what the body changes of it. */
export async function completeReplan(
  db: Queryable,
  organization: OrganizationRow,
  asked: { stored: RolloutRequest; change: RolloutChange; body: ReplanBody },
): Promise<RolloutRequest> {
  const { stored, change, body } = asked;
  const people = await completePeople(db, organization, body);
  if (people.faults.length > 0) throw unknownReference(people.faults);
  const { gates, acknowledgeIrreversible, reason, waves } = body;
  return completeRequest({
    ...stored,
    change,
    pilot: people.pilot === undefined ? stored.pilot : people.pilot,
    except: people.except ?? stored.except,
    seed: body.pilot?.sample?.seed ?? body.seed ?? stored.seed,
    waves: waves ? waves.map(waveOf) : stored.waves,
    guards: { ...stored.guards, ...body.guards },
    gates: gates ?? stored.gates,
    acknowledgeIrreversible: acknowledgeIrreversible ?? stored.acknowledgeIrreversible,
    reason: reason ?? stored.reason,
  });
}

type Named = Pick<PartialRequest, 'pilot' | 'except'>;

function requestOf(
  change: RolloutChange,
  body: RequestOptionsBody,
  { pilot, except }: Named,
): RolloutRequest {
  const seed = body.pilot?.sample?.seed ?? body.seed;
  return completeRequest({ ...body, change, pilot, except, seed, waves: body.waves?.map(waveOf) });
}

function unknownReference(errors: Fault[]): Problem {
  return new Problem(
    'unknown-reference',
    'The request refers to something that does not exist: every reference is listed.',
    {
      errors,
    },
  );
}

/** Everybody and everything that a request names besides its change. */
async function completePeople(
  db: Queryable,
  organization: OrganizationRow,
  body: Pick<RequestOptionsBody, 'pilot' | 'except'>,
): Promise<Named & { faults: Fault[] }> {
  const { pilot, faults } = await completePilot(db, organization, body.pilot);
  const except = await completeExcept(db, organization, body.except);
  return { pilot, except: except.except, faults: [...faults, ...except.faults] };
}

/** R103: what a plan leaves out has to be there, or the caller has meant something else. */
async function completeExcept(
  db: Queryable,
  organization: OrganizationRow,
  body: RequestOptionsBody['except'],
): Promise<Pick<Named, 'except'> & { faults: Fault[] }> {
  if (!body) return { except: undefined, faults: [] };
  const users = await resolveUsers(db, organization, named(body.users, '/except/users'));
  const groups = await resolveGroups(db, organization, named(body.groups, '/except/groups'));
  const offers = await resolveOffers(db, organization, named(body.offers, '/except/offers'));
  return {
    except: { users: users.ids, groups: groups.ids, offers: offers.ids },
    faults: [users, groups, offers].flatMap(({ faults }) => faults),
  };
}

async function completePilot(
  db: Queryable,
  organization: OrganizationRow,
  body: RolloutRequestBody['pilot'],
): Promise<Pick<Named, 'pilot'> & { faults: Fault[] }> {
  if (!body) return { pilot: body, faults: [] };
  const users = await resolveUsers(db, organization, named(body.users, '/pilot/users'));
  const groups = await resolveGroups(db, organization, named(body.groups, '/pilot/groups'));
  const sample = body.sample && sizeOf(body.sample);
  return {
    pilot: { users: users.ids, groups: groups.ids, sample },
    faults: [...users.faults, ...groups.faults],
  };
}

/** Pilot and waves are cut from one order, which has one seed. */
function sizeOf(given: SizeBody): SampleSize {
  if ('count' in given) return { count: given.count };
  const { percent, atLeast } = given;
  return atLeast === undefined ? { percent } : { percent, atLeast };
}

function waveOf(wave: WaveBody): WaveSpec {
  if ('size' in wave) return { size: sizeOf(wave.size), soakSeconds: wave.soakSeconds ?? 0 };
  return { size: sizeOf(wave), soakSeconds: wave.soak ?? 0 };
}
