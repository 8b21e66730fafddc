import type { ChangeKind } from './change-kind';

/** A kind that is about no template plans with those in force. */
export const plansWithTemplatesInForce: Pick<
  ChangeKind,
  'neverStarts' | 'storedRevision' | 'planWith' | 'includesExplicitUsers' | 'grantsEntitlements'
> = {
  neverStarts: null,
  storedRevision: null,
  planWith: (inForce) => ({ templates: [...inForce], ending: null }),
  includesExplicitUsers: () => false,
  grantsEntitlements: false,
};
