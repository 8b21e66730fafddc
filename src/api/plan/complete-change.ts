import type { Queryable } from '../../db/connect';
import { findCsvImport } from '../../db/csv/imports';
import type { OrganizationRow } from '../../db/directory/find-directory';
import { findRollout } from '../../db/rollout/rollouts';
import { countGivenBy } from '../../db/templates/count-given';
import { findTemplateById, isEmpty, type StoredTemplate } from '../../db/templates/templates';
import type { RolloutChange } from '../../domain/request/rollout-request';
import { isUuid } from '../../domain/model/webex-id';
import type { Fault } from '../http/problem';
import { named, resolveGroups, resolveUsers } from '../directory/resolve-references';
import type { RolloutRequestBody } from '../rollout/request-schema';

type ChangeBody = RolloutRequestBody['change'];
type Asked<Kind extends ChangeBody['kind']> = Extract<ChangeBody, { kind: Kind }>;
/** The body of a kind, in a form that lets the compiler follow `completers[body.kind](body)`. */
type BodyByKind<K extends ChangeBody['kind'] = ChangeBody['kind']> = {
  [P in K]: { kind: P } & Asked<P>;
}[K];

/** What a rollout is about, as it is stored, and the template behind it, whose row is locked. */
export interface CompletedChange {
  change: RolloutChange;
  template: StoredTemplate | null;
}

/** The change where everything that it names is there, else a fault for each thing that isn't. */
export type ChangeAnswer = ({ faults: [] } & CompletedChange) | { faults: Fault[]; change: null };

/** Looks up what a change names. Its template's row stays locked until the transaction ends. */
export function completeChange<K extends ChangeBody['kind']>(
  db: Queryable,
  organization: OrganizationRow,
  body: BodyByKind<K>,
): Promise<ChangeAnswer> {
  return completers[body.kind](db, organization, body);
}

/** Every kind of change that can be requested. The others begin in the watch or with a template. */
const completers: {
  [K in ChangeBody['kind']]: (
    db: Queryable,
    organization: OrganizationRow,
    body: BodyByKind<K>,
  ) => Promise<ChangeAnswer>;
} = {
  template: templateChange,
  'delete-template': deleteTemplateChange,
  'remove-services': removeServicesChange,
  'restore-services': restoreServicesChange,
  csv: csvChange,
};

async function templateChange(
  db: Queryable,
  organization: OrganizationRow,
  body: Asked<'template'>,
): Promise<ChangeAnswer> {
  const template = await templateOf(db, organization, body.templateId);
  if (!template) return unknownTemplate(body.templateId);
  const { templateId } = template.row;
  const possible = [template.draft, template.inForce].flatMap((one) => one?.revision ?? []);
  const revision = body.revision ?? possible[0];
  if (revision === undefined || !possible.includes(revision)) {
    const detail = `Only the draft or the revision in force can be rolled out: ${possible.join(' or ') || 'there is none'}.`;
    return faulty({ pointer: '/change/revision', code: 'unknown-revision', detail });
  }
  const takes = body.removedServices?.preserve === false;
  const removedServices = takes ? { removedServices: { preserve: false as const } } : {};
  const change = { kind: 'template' as const, templateId, revision, ...removedServices };
  return { faults: [], change, template };
}

async function deleteTemplateChange(
  db: Queryable,
  organization: OrganizationRow,
  body: Asked<'delete-template'>,
): Promise<ChangeAnswer> {
  const template = await templateOf(db, organization, body.templateId);
  if (!template || !(await canEnd(db, template))) return unknownTemplate(body.templateId);
  const { templateId } = template.row;
  return { faults: [], change: { kind: 'delete-template', templateId }, template };
}

/** A template that never governed can be ended as long as somebody has something from its pilot. */
export async function canEnd(db: Queryable, { row }: StoredTemplate): Promise<boolean> {
  return !isEmpty(row) || (await countGivenBy(db, row.orgId, row.templateId)).users > 0;
}

async function removeServicesChange(
  db: Queryable,
  organization: OrganizationRow,
  body: Asked<'remove-services'>,
): Promise<ChangeAnswer> {
  const services = [...new Set(body.services)].sort();
  const plain = (from: Extract<RolloutChange, { kind: 'remove-services' }>['from']) => {
    const change = { kind: 'remove-services' as const, services, from };
    return { faults: [] as [], change, template: null };
  };
  const { from } = body;
  if ('groups' in from) {
    const { ids, faults } = await resolveGroups(
      db,
      organization,
      named(from.groups, '/change/from/groups'),
    );
    return faults.length > 0 ? faulty(...faults) : plain({ groups: ids });
  }
  if ('users' in from) {
    const { ids, faults } = await resolveUsers(
      db,
      organization,
      named(from.users, '/change/from/users'),
    );
    return faults.length > 0 ? faulty(...faults) : plain({ users: ids });
  }
  return plain({ organization: true });
}

/** R81: only what a rollout removed can be added again, and it removes nothing before it is started. */
async function restoreServicesChange(
  db: Queryable,
  { orgId }: OrganizationRow,
  body: Asked<'restore-services'>,
): Promise<ChangeAnswer> {
  const rolloutId = body.rolloutId.toLowerCase();
  const earlier = isUuid(rolloutId) ? await findRollout(db, orgId, rolloutId) : undefined;
  const fault = (detail: string) =>
    faulty({ pointer: '/change/rolloutId', code: 'unknown-rollout', detail });
  if (!earlier) return fault(`There is no rollout "${body.rolloutId}".`);
  if (earlier.request.change.kind !== 'remove-services') {
    return fault(`Rollout ${rolloutId} turned no service off: "${earlier.title}".`);
  }
  if (!earlier.startedAt) {
    return fault(
      `Rollout ${rolloutId} is ${earlier.phase} and was never started, so it removed nothing.`,
    );
  }
  return { faults: [], change: { kind: 'restore-services', rolloutId }, template: null };
}

async function csvChange(
  db: Queryable,
  { orgId }: OrganizationRow,
  body: Asked<'csv'>,
): Promise<ChangeAnswer> {
  const importId = body.importId.toLowerCase();
  const known = isUuid(importId) && (await findCsvImport(db, orgId, importId));
  if (known)
    return { faults: [], change: { kind: 'csv', importId, mode: body.mode }, template: null };
  const detail = `There is no CSV import "${body.importId}".`;
  return faulty({ pointer: '/change/importId', code: 'unknown-import', detail });
}

function templateOf(
  db: Queryable,
  { orgId }: OrganizationRow,
  templateId: string,
): Promise<StoredTemplate | undefined> {
  if (!isUuid(templateId)) return Promise.resolve(undefined);
  return findTemplateById(db, orgId, templateId.toLowerCase(), true);
}

function unknownTemplate(templateId: string): ChangeAnswer {
  const detail = `There is no template "${templateId}".`;
  return faulty({ pointer: '/change/templateId', code: 'unknown-template', detail });
}

function faulty(...faults: Fault[]): ChangeAnswer {
  return { faults, change: null };
}
