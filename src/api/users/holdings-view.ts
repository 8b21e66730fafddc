import type { Desired, DesiredEntry } from '../../domain/templates/compose-templates';
import type { Note } from '../../domain/model/note';
import type { License } from '../../domain/model/license';
import type { PlannedUser } from '../../domain/plan/planned-user';
import { grantedReason } from '../../domain/templates/reasons';
import { offerOfLicenseId, siteOfLicenseId } from '../../domain/model/webex-id';

export type HeldLicenseView = ReturnType<typeof heldLicense>;

/** What is known of a license from its id; the organization may not list it. */
export function heldLicense(licenseId: string, licenses: readonly License[]) {
  const listed = licenses.find(({ id }) => id === licenseId);
  return {
    licenseId,
    offer: listed?.offer ?? offerOfLicenseId(licenseId) ?? null,
    site: listed?.site ?? siteOfLicenseId(licenseId) ?? null,
    name: listed?.name ?? null,
  };
}

interface ShouldHoldInput {
  desired: Desired;
  held: readonly HeldLicenseView[];
  attendeeSites: readonly string[];
  /** The plan of the next reconciliation; null if there is none. */
  row: PlannedUser | null;
}

/** What a user should hold, why, and why planning can't grant it if it can't. */
export function shouldHoldView({ desired, held, attendeeSites, row }: ShouldHoldInput) {
  return desired.entries.map((entry) => {
    const { offer, site, kind, rule, requiredBy, templates } = entry;
    const isHeld = isHeldBy(entry, { held, attendeeSites });
    return {
      offer,
      site,
      kind,
      held: isHeld,
      why: grantedReason(entry).text,
      rule,
      requiredBy,
      templates,
      whyNot: isHeld ? [] : (row?.blocked ?? []).filter((note) => isAbout(note, entry)),
    };
  });
}

function isHeldBy(
  { offer, site, kind }: DesiredEntry,
  { held, attendeeSites }: Pick<ShouldHoldInput, 'held' | 'attendeeSites'>,
): boolean {
  if (kind === 'attendee') return site !== null && attendeeSites.includes(site);
  return held.some((one) => one.offer === offer && (one.site?.toLowerCase() ?? null) === site);
}

function isAbout({ target }: Note, { kind, offer, site }: DesiredEntry): boolean {
  if (target.kind === 'attendee') return kind === 'attendee' && target.site === site;
  return kind === 'license' && target.offer === offer && target.site === site;
}
