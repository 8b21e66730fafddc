import type { Feature, FeatureEffect } from './features';

/** Stands for the name of a site in a label. */
const anySite = 'a meeting site';

const labels: Readonly<Record<Feature, string>> = {
  'message-directly': 'message someone directly (1:1)',
  'message-in-space': 'message in a group space',
  'share-desktop-outside-call': 'share the desktop outside a call or meeting',
  'share-desktop-in-call': 'share the desktop in a call or meeting',
  'schedule-in-space': 'schedule a meeting in a space',
  'call-app': "call someone's Webex app (1:1)",
  'call-menus': 'call and voicemail menus',
  'join-on-site': `one-button join on ${anySite}`,
  'schedule-on-site': `schedule a meeting on ${anySite}`,
  whiteboard: 'whiteboard',
  annotate: 'annotate',
  'see-presence': 'see presence',
};

/** A feature in the words of its documentation (R86): `schedule a meeting on acme.webex.com`. */
export function featureLabel({ feature, site }: Pick<FeatureEffect, 'feature' | 'site'>): string {
  return site === null ? labels[feature] : labels[feature].replace(anySite, site);
}
