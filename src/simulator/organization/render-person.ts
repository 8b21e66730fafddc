import type { Settings } from '../settings';
import type { Organization } from './organization';
import type { PersonFields, UserState } from './population';

/** A person's JSON as the API shows it. `licenses` is left out where the settings say so. */
export function renderPerson(
  organization: Organization,
  row: number,
  state: UserState,
  options: { settings: Settings; callingData: boolean; inList: boolean },
): PersonFields {
  const { people, catalog } = organization;
  const holding = catalog.holding(state.holding);
  const {
    emails,
    phoneNumbers,
    extension,
    locationId,
    siteUrls: plainSites,
    ...fields
  } = people.fieldsOf(row, state);
  const numbers = Array.isArray(phoneNumbers) ? (phoneNumbers as { type: string }[]) : undefined;
  const shown = options.callingData ? numbers : numbers?.filter((one) => one.type === 'mobile');
  const attendee = holding.attendeeSites.map((site) => `${site}#attendee`);
  const siteUrls = [...(Array.isArray(plainSites) ? (plainSites as string[]) : []), ...attendee];
  const mode = options.settings.siteUrls;
  const always = mode === 'always' || (mode === 'as-made' && organization.showsSiteUrls);
  if (always)
    siteUrls.unshift(...catalog.hostSites(holding).filter((one) => !siteUrls.includes(one)));
  return {
    id: organization.personId(row),
    emails,
    ...(shown === undefined || shown.length === 0 ? {} : { phoneNumbers: shown }),
    ...(options.callingData && extension !== undefined ? { extension } : {}),
    ...(options.callingData && locationId !== undefined ? { locationId } : {}),
    ...fields,
    ...(options.inList && !options.settings.licensesInLists ? {} : { licenses: holding.ids }),
    ...(state.modifiedAt > 0 ? { lastModified: new Date(state.modifiedAt).toISOString() } : {}),
    ...(mode !== 'never' && (always || siteUrls.length > 0) ? { siteUrls } : {}),
  };
}
