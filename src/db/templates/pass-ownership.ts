/** The owner of what a template added, once it grants less (R31a). */
import { sql } from 'drizzle-orm';
import { desiredByAlone } from '../../domain/templates/compose-templates';
import type { Template } from '../../domain/model/template';
import type { OrgSettings } from '../../domain/model/settings';
import { type GroupCover, readGroupCovers } from '../directory/group-covers';
import type { Queryable } from '../connect';
import { textList } from '../sql';
import { readSettings } from '../admin/settings';
import { templatesInForce } from './templates';

interface Grant {
  template_id: string;
  revision: number;
  /** Groups whose direct members it covers; null is everybody. */
  groups: string[] | null;
  offer: string;
  site: string | null;
  kind: 'license' | 'attendee';
}

/**
 * R31a: what the template no longer grants passes to another template in force that grants it to the same
 * user: the one with the smallest id. Without such a template the one that added it remains the owner. The
 * organization's template inherits nothing of users whom it leaves out (R20). Call it in the transaction
 * in which the template began to grant less.
 */
export async function passOwnership(
  tx: Queryable,
  orgId: string,
  templateId: string,
): Promise<number> {
  const { settings } = await readSettings(tx, orgId);
  const templates = await templatesInForce(tx, orgId);
  const ofGroups = await groupCovers(tx, { orgId, templates, settings });
  const grants = grantsOf(templates, settings, ofGroups);
  // Templates that grant nothing count as well: the organization's doesn't apply to their users (R6).
  const templated = ofGroups.flatMap(({ memberGroupIds }) => memberGroupIds);
  const onlyOutsideGroups = settings.compositionMode === 'group-overrides-organization';
  const covers = sql`(CASE WHEN jsonb_typeof(g.groups) = 'array'
    THEN EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = p.org_id
      AND m.member_id = p.person_id AND m.group_id IN (SELECT jsonb_array_elements_text(g.groups)))
    ELSE NOT EXISTS (SELECT 1 FROM directory_user u WHERE u.org_id = p.org_id
        AND u.person_id = p.person_id AND u.is_explicit)
      AND (NOT ${onlyOutsideGroups} OR NOT EXISTS (SELECT 1 FROM directory_member m
        WHERE m.org_id = p.org_id AND m.member_id = p.person_id AND m.group_id IN
          ${textList(templated)})) END)`;
  const { rows } = await tx.execute<{ n: number }>(sql`
    WITH grants AS MATERIALIZED (
      SELECT g.template_id, g.revision, g.groups,
        CASE WHEN g.kind = 'attendee' THEN 'attendee:' || g.site ELSE l.license_id END AS target
      FROM jsonb_to_recordset(${JSON.stringify(grants)}::jsonb)
        AS g(template_id text, revision int, groups jsonb, offer text, site text, kind text)
      LEFT JOIN directory_license l ON l.org_id = ${orgId} AND g.kind = 'license'
        AND l.offer = g.offer AND lower(l.site) IS NOT DISTINCT FROM g.site
    ), heir AS (
      SELECT DISTINCT ON (p.person_id, p.target) p.person_id, p.target, g.template_id, g.revision
      FROM provenance p JOIN grants g ON g.target = p.target AND ${covers}
      WHERE p.org_id = ${orgId} AND p.template_id = ${templateId} AND p.ended_at IS NULL
      ORDER BY p.person_id, p.target, (g.template_id = ${templateId}) DESC, g.template_id
    ), passed AS (
      UPDATE provenance p SET template_id = heir.template_id, revision = heir.revision
      FROM heir WHERE p.org_id = ${orgId} AND p.person_id = heir.person_id
        AND p.target = heir.target AND p.template_id <> heir.template_id
      RETURNING 1
    )
    SELECT count(*)::int AS n FROM passed`);
  return rows[0]?.n ?? 0;
}

function groupCovers(
  tx: Queryable,
  input: { orgId: string; templates: Template[]; settings: OrgSettings },
): Promise<GroupCover[]> {
  const { orgId, templates, settings } = input;
  return readGroupCovers(tx, {
    orgId,
    groupIds: templates.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])),
    includeInner: settings.includeParentGroups,
  });
}

function grantsOf(
  templates: readonly Template[],
  { callingOffers }: OrgSettings,
  groupCovers: readonly GroupCover[],
): Grant[] {
  return templates.flatMap((template) => {
    const { scope, templateId, revision } = template;
    const groups =
      scope.kind === 'organization'
        ? null
        : [...(groupCovers.find(({ groupId }) => groupId === scope.groupId)?.memberGroupIds ?? [])];
    const { entries } = desiredByAlone(template, callingOffers);
    return entries.map(({ offer, site, kind }) => ({
      template_id: templateId,
      revision,
      groups,
      offer,
      site,
      kind,
    }));
  });
}
