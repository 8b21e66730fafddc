import type { Queryable } from '../../db/connect';
import { countHolders, findGroups } from '../../db/directory/find-directory';
import { templatesInForce } from '../../db/templates/templates';
import { offersGranted } from '../../domain/templates/compose-templates';
import type { CompositionMode, Entitlement, TemplateScope } from '../../domain/model/template';
import type { License } from '../../domain/model/license';
import { freeOffers, offerLabel } from '../../domain/licenses/offers';
import type { PlanWarning } from '../../domain/model/warning';
import { counted } from '../../domain/model/text/wording';

interface SavedTemplate {
  orgId: string;
  templateId: string;
  scope: TemplateScope;
  entitlements: Entitlement[];
  licenses: License[];
  mode: CompositionMode;
}

/**
 * R13a: an offer that a template doesn't name is off, and would be removed with preserve off. Users who
 * get it from another template aren't counted (R19a), nor is FTM together with messaging (R56).
 */
export async function freeOfferWarnings(
  db: Queryable,
  saved: SavedTemplate,
): Promise<PlanWarning[]> {
  const { orgId, scope, mode } = saved;
  const inForce = await templatesInForce(db, orgId);
  const others = inForce.filter(({ templateId }) => templateId !== saved.templateId);
  const granted = offersGranted(saved.entitlements);
  const warnings: PlanWarning[] = [];
  for (const offer of freeOffers) {
    const license = saved.licenses.find((one) => one.offer === offer);
    if (!license || granted.has(offer)) continue;
    const granting = others.filter(({ entitlements }) => offersGranted(entitlements).has(offer));
    const isEverybodys = granting.some((other) => other.scope.kind === 'organization');
    if (isEverybodys && mode !== 'group-overrides-organization') continue;
    const exceptGroups = granting.flatMap((other) =>
      other.scope.kind === 'group' ? [other.scope.groupId] : [],
    );
    const groupId = scope.kind === 'group' ? scope.groupId : null;
    const holders = { orgId, licenseId: license.id, groupId, exceptGroups };
    const text = await textFor(db, holders, offerLabel(offer));
    if (text !== null) warnings.push({ code: 'free-offer-left-out', text, rule: 'R13a' });
  }
  return warnings;
}

async function textFor(
  db: Queryable,
  holders: Parameters<typeof countHolders>[1],
  label: string,
): Promise<string | null> {
  const { orgId, groupId } = holders;
  if (groupId !== null) {
    const [group] = await findGroups(db, { orgId, ids: [groupId], names: [] });
    if (group?.membersReadAt === null && group.memberSize !== 0) {
      return `This template leaves out ${label}: members of the group who hold it would lose it with preserve off. They were not read yet; a plan counts them.`;
    }
  }
  const users = await countHolders(db, holders);
  if (users === 0) return null;
  const whose = groupId === null ? 'of the organization' : 'of the group';
  const hold = `${counted(users, 'user')} ${whose} ${users === 1 ? 'holds' : 'hold'}`;
  return `${hold} ${label}, which this template leaves out: with preserve off they would lose it.`;
}
