import type { License } from '../model/license';
import type { OrgSettings } from '../model/settings';
import type { PlanWarning } from '../model/warning';
import { counted, firstFew } from '../model/text/wording';

/** Names in a warning; the settings themselves have them all. */
const mostNames = 5;

/**
 * What settings name and the organization doesn't have, as last read. They are saved all the same: a
 * site or user can be new. `knownUsers`: lower-case addresses of the directory.
 */
export function settingsWarnings(
  settings: OrgSettings,
  directory: { licenses: readonly License[]; knownUsers: ReadonlySet<string> },
): PlanWarning[] {
  const { licenses, knownUsers } = directory;
  const sites = new Set(
    licenses.flatMap(({ site }) => (site === null ? [] : [site.toLowerCase()])),
  );
  const subscriptions = new Set(licenses.map(({ subscriptionId }) => subscriptionId));
  const offers = new Set(licenses.map(({ offer }) => offer));
  const callingCodes = Object.values<string>({ ...settings.callingOffers });
  const administrators = settings.siteAdministrators.flatMap(({ users }) => users);
  const missing = [
    {
      code: 'unknown-site',
      rule: 'R38',
      what: 'attendeeSites names',
      noun: 'site',
      names: settings.attendeeSites.filter((site) => !sites.has(site)),
    },
    {
      code: 'unknown-site',
      rule: 'R39',
      what: 'siteAdministrators names',
      noun: 'site',
      names: settings.siteAdministrators.flatMap(({ site }) => (sites.has(site) ? [] : [site])),
    },
    {
      code: 'unknown-user',
      rule: 'R39',
      what: 'siteAdministrators names',
      noun: 'user',
      names: administrators.filter((email) => !knownUsers.has(email)),
    },
    {
      code: 'unknown-subscription',
      rule: 'R44',
      what: 'subscriptions names',
      noun: 'subscription',
      names: settings.subscriptions.flatMap(({ id }) => (subscriptions.has(id) ? [] : [id])),
    },
    {
      code: 'unknown-offer',
      rule: 'R60',
      what: 'callingOffers names',
      noun: 'offer',
      names: callingCodes.filter((code) => !offers.has(code)),
    },
  ];
  return missing.flatMap(({ code, rule, what, noun, names: all }) => {
    const names = [...new Set(all)];
    if (names.length === 0) return [];
    const text = `${what} ${counted(names.length, noun)} that the organization doesn't have, as last read: ${firstFew(names, mostNames)}`;
    return [{ code, rule, text }];
  });
}
