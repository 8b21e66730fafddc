import type { Holding } from '../organization/catalog';
import type { Settings } from '../state/settings';
import type { Organization } from '../organization/organization';
import type { PersonFields, UserState } from '../organization/population';

/** A person's JSON as the API shows it. `licenses` is left out if the settings say so. */
export function renderPerson(
  organization: Organization,
  row: number,
  state: UserState,
  options: { settings: Settings; callingData: boolean; inList: boolean },
): PersonFields {
  const { inList, settings } = options;
  const holding = organization.catalog.holding(state.holding);
  const {
    emails,
    phoneNumbers,
    extension,
    locationId,
    siteUrls: recordedSites,
    lastModified,
    ...fields
  } = organization.people.fieldsOf(row, state);
  const showsPhone = options.callingData || organization.isRecorded;
  return {
    id: organization.personId(row),
    emails,
    ...phoneFields({ phoneNumbers, extension, locationId }, showsPhone),
    ...fields,
    ...(inList && !settings.licensesInLists ? {} : { licenses: holding.ids }),
    ...(state.modifiedAt > 0 ? { lastModified: timeText(state.modifiedAt, lastModified) } : {}),
    ...siteFields(organization, recordedSites, holding, settings.siteUrls),
  };
}

/** Without `callingData` only mobile numbers are shown. */
function phoneFields(
  { phoneNumbers, extension, locationId }: PersonFields,
  showsAll: boolean,
): PersonFields {
  const numbers = Array.isArray(phoneNumbers) ? (phoneNumbers as { type: string }[]) : [];
  const shown = showsAll ? numbers : numbers.filter((one) => one.type === 'mobile');
  return {
    ...(shown.length === 0 ? {} : { phoneNumbers: shown }),
    ...(showsAll && extension !== undefined ? { extension } : {}),
    ...(showsAll && locationId !== undefined ? { locationId } : {}),
  };
}

function siteFields(
  organization: Organization,
  recordedSites: unknown,
  holding: Holding,
  mode: Settings['siteUrls'],
): PersonFields {
  if (mode === 'never') return {};
  const siteUrls = siteUrlsOf(recordedSites, holding.attendeeSites);
  const showsHosts = mode === 'always' || (mode === 'as-made' && !organization.isRecorded);
  // An empty list that was recorded stays one.
  const isShown = siteUrls.length > 0 || (mode === 'as-made' && Array.isArray(recordedSites));
  if (!showsHosts) return isShown ? { siteUrls } : {};
  const hosts = organization.catalog.hostSites(holding).filter((one) => !siteUrls.includes(one));
  return { siteUrls: [...hosts, ...siteUrls] };
}

/** A time in its recorded form if it hasn't changed: Webex doesn't always write milliseconds. */
export function timeText(at: number, recorded: unknown): string {
  const isSame = typeof recorded === 'string' && Date.parse(recorded) === at;
  return isSame ? recorded : new Date(at).toISOString();
}

/** The recorded entries in their order, with the current attendee accounts. */
function siteUrlsOf(recorded: unknown, attendeeSites: readonly string[]): string[] {
  const left = new Set(attendeeSites);
  const kept = (Array.isArray(recorded) ? recorded : []).filter((one): one is string => {
    if (typeof one !== 'string') return false;
    const site = /^(.+)#attendee$/i.exec(one)?.[1]?.toLowerCase();
    return site === undefined || left.delete(site);
  });
  return [...kept, ...[...left].map((site) => `${site}#attendee`)];
}
