import { refuseStale } from '../decide/refuse-stale';
import { csvPolicy } from '../policies/csv-policy';
import type { ChangeKind, ChangeOf } from './change-kind';
import { plansWithTemplatesInForce } from './plans-with-templates-in-force';

/** Adds and removes what the rows of an imported file request (R71–R78). */
export function csvKind({ importId, mode }: ChangeOf<'csv'>): ChangeKind {
  return {
    ...plansWithTemplatesInForce,
    title: () => `CSV import, ${mode === 'add' ? 'adds only' : 'adds and removes'}`,
    includesExistingUsers: true,
    namedGroups: [],
    needsProvenance: false,
    addsCalling: 'always',
    ownGrants: 'anything',
    readsMemberships: false,
    reach: () => ({ kind: 'csv', importId }),
    decide:
      ({ callingOffers, decideBy }) =>
      (candidate) => {
        if (candidate.from !== 'csv') return null;
        const { wish } = candidate;
        const decision = decideBy(csvPolicy({ wish, mode, callingOffers }), candidate);
        return wish.isStale ? refuseStale(decision) : decision;
      },
    warnings: () => [],
  };
}
