import type { OrgSettings } from './settings';

/** Settings of an organization that has saved none. Verification: 1, 2, 5, 10, 15, 30 minutes, then every 30, for 24 h (R80). */
export const defaultSettings: OrgSettings = {
  compositionMode: 'exclusive',
  subscriptions: [],
  attendeeSites: [],
  callingOffers: {},
  verification: {
    intervalsSeconds: [60, 120, 300, 600, 900, 1_800],
    deadlineSeconds: 24 * 60 * 60,
  },
  preserveOnGroupTransition: true,
  includeParentGroups: false,
  maxMemberDropPercent: 50,
  siteAdministrators: [],
  watch: { intervalSeconds: 300, floodLimit: 100 },
};
