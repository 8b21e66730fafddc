import type { Settings } from '../state/settings';
import type { Organization } from '../organization/organization';
import type { PersonFields, UserState } from '../organization/population';

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
    siteUrls: recordedSites,
    lastModified,
    ...fields
  } = people.fieldsOf(row, state);
  const numbers = Array.isArray(phoneNumbers) ? (phoneNumbers as { type: string }[]) : undefined;
  const showsPhone = options.callingData || organization.isRecorded;
  const shown = showsPhone ? numbers : numbers?.filter((one) => one.type === 'mobile');
  const siteUrls = siteUrlsOf(recordedSites, holding.attendeeSites);
  const mode = options.settings.siteUrls;
  const always = mode === 'always' || (mode === 'as-made' && !organization.isRecorded);
  if (always)
    siteUrls.unshift(...catalog.hostSites(holding).filter((one) => !siteUrls.includes(one)));
  return {
    id: organization.personId(row),
    emails,
    ...(shown === undefined || shown.length === 0 ? {} : { phoneNumbers: shown }),
    ...(showsPhone && extension !== undefined ? { extension } : {}),
    ...(showsPhone && locationId !== undefined ? { locationId } : {}),
    ...fields,
    ...(options.inList && !options.settings.licensesInLists ? {} : { licenses: holding.ids }),
    ...(state.modifiedAt > 0 ? { lastModified: timeText(state.modifiedAt, lastModified) } : {}),
    ...(mode !== 'never' && (always || siteUrls.length > 0) ? { siteUrls } : {}),
  };
}

/** A time as it was recorded, where it is still that time: Webex doesn't always write milliseconds. */
export function timeText(at: number, recorded: unknown): string {
  const isSame = typeof recorded === 'string' && Date.parse(recorded) === at;
  return isSame ? recorded : new Date(at).toISOString();
}

/** What was recorded, in its order, with the attendee accounts of now. */
function siteUrlsOf(recorded: unknown, attendeeSites: readonly string[]): string[] {
  const left = new Set(attendeeSites);
  const kept = (Array.isArray(recorded) ? recorded : []).filter((one): one is string => {
    if (typeof one !== 'string') return false;
    const site = /^(.+)#attendee$/i.exec(one)?.[1]?.toLowerCase();
    return site === undefined || left.delete(site);
  });
  return [...kept, ...[...left].map((site) => `${site}#attendee`)];
}
