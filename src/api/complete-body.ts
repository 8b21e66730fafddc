import type { Queryable } from '../db/connect';
import type { OrganizationRow } from '../db/directory';
import { findTemplateById, type StoredTemplate } from '../db/templates';
import { completeRequest } from '../domain/request-defaults';
import type {
  RolloutChange,
  RolloutRequest,
  SampleSize,
  WaveSpec,
} from '../domain/rollout-request';
import { Problem, type Fault } from './problem';
import { resolveGroups, resolveUsers } from './resolve-references';
import type { RolloutRequestBody } from './schemas/rollout-request';

type ChangeBody = RolloutRequestBody['change'];
type FromBody = Extract<ChangeBody, { kind: 'remove-services' }>['from'];

type SizeBody = { count: number } | { percent: number; atLeast?: number | undefined };
type WaveBody = NonNullable<RolloutRequestBody['waves']>[number];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The request as it is stored, and the template that it is about. */
export interface CompletedBody {
  request: RolloutRequest;
  template: StoredTemplate | null;
}

/**
 * Looks up everything that a request names and fills in the defaults. Throws `unknown-reference`
 * with a fault for each thing that isn't there, all at once.
 */
export async function completeBody(
  db: Queryable,
  organization: OrganizationRow,
  body: RolloutRequestBody,
): Promise<CompletedBody> {
  const faults: Fault[] = [];
  const taken = (resolved: { ids: string[]; faults: Fault[] }): string[] => {
    faults.push(...resolved.faults);
    return resolved.ids;
  };
  const template =
    body.change.kind === 'template' ? await templateOf(db, organization, body.change) : null;
  if (template?.fault) faults.push(template.fault);

  const pilot = body.pilot && {
    users: taken(await resolveUsers(db, organization, named(body.pilot.users, '/pilot/users'))),
    groups: taken(await resolveGroups(db, organization, named(body.pilot.groups, '/pilot/groups'))),
    sample: body.pilot.sample && sizeOf(body.pilot.sample),
  };
  const from =
    body.change.kind === 'remove-services' &&
    (await fromOf(db, organization, body.change.from, taken));

  if (faults.length > 0) {
    throw new Problem('unknown-reference', 'The request names things that are not there.', {
      errors: faults,
    });
  }
  const change: RolloutChange =
    body.change.kind === 'template'
      ? {
          kind: 'template',
          templateId: template?.stored?.row.templateId ?? '',
          revision: template?.revision ?? 0,
        }
      : {
          kind: 'remove-services',
          services: [...new Set(body.change.services)].sort(),
          from: from || { organization: true },
        };
  return {
    request: completeRequest({
      ...body,
      change,
      pilot,
      seed: body.pilot?.sample?.seed ?? body.seed,
      waves: body.waves?.map(waveOf),
    }),
    template: template?.stored ?? null,
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

async function templateOf(
  db: Queryable,
  organization: OrganizationRow,
  change: Extract<ChangeBody, { kind: 'template' }>,
): Promise<{ stored?: StoredTemplate; revision?: number; fault?: Fault }> {
  const stored = uuid.test(change.templateId)
    ? await findTemplateById(db, organization.orgId, change.templateId.toLowerCase(), true)
    : undefined;
  if (!stored) {
    const detail = `There is no template "${change.templateId}".`;
    return { fault: { pointer: '/change/templateId', code: 'unknown-template', detail } };
  }
  const { draft, inForce } = stored;
  const possible = [draft, inForce].flatMap((one) => one?.revision ?? []);
  const revision = change.revision ?? possible[0];
  if (revision !== undefined && possible.includes(revision)) return { stored, revision };
  const detail = `Only the draft or the revision in force can be rolled out: ${possible.join(' or ') || 'there is none'}.`;
  return { fault: { pointer: '/change/revision', code: 'unknown-revision', detail } };
}

async function fromOf(
  db: Queryable,
  organization: OrganizationRow,
  from: FromBody,
  taken: (resolved: { ids: string[]; faults: Fault[] }) => string[],
) {
  if ('groups' in from) {
    const groups = named(from.groups, '/change/from/groups');
    return { groups: taken(await resolveGroups(db, organization, groups)) };
  }
  if ('users' in from) {
    const users = named(from.users, '/change/from/users');
    return { users: taken(await resolveUsers(db, organization, users)) };
  }
  return { organization: true as const };
}

function named(given: readonly string[] | undefined, pointer: string) {
  return (given ?? []).map((one, index) => ({ given: one, pointer: `${pointer}/${index}` }));
}
