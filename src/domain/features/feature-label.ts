import type { Feature, FeatureEffect } from './features';

const labels: Readonly<Record<Feature, string>> = {
  'message-directly': 'message someone directly (1:1)',
  'message-in-space': 'message in a group space',
  'share-desktop-outside-call': 'share the desktop outside a call or meeting',
  'share-desktop-in-call': 'share the desktop in a call or meeting',
  'schedule-in-space': 'schedule a meeting in a space',
  'call-app': "call someone's Webex app (1:1)",
  'call-menus': 'call and voicemail menus',
  'join-on-site': 'one-button join on a meeting site',
  'schedule-on-site': 'schedule a meeting on a meeting site',
  whiteboard: 'whiteboard',
  annotate: 'annotate',
  'see-presence': 'see presence',
};

/** A feature in the words of the page about it (R86), with its site. */
export function featureLabel({ feature, site }: Pick<FeatureEffect, 'feature' | 'site'>): string {
  return site === null ? labels[feature] : `${labels[feature]}: ${site}`;
}
