/** Turns rows of the statement that reads candidates into candidates. */
import { holdingsDigest } from '../../domain/csv/stamp';
import type { CsvWish } from '../../domain/csv/requested-cells';
import type { Candidate, KnownUser } from '../../domain/kinds/candidate';
import type { Change, ChangeTarget } from '../../domain/model/change';
import type { Holdings, Provenance, UserKind } from '../../domain/model/user';
import { provenanceOf } from '../../domain/watch/provenance';
import type { Reaction } from '../../domain/watch/reaction';
import { callingOf, type PhoneRow } from './candidate-phone';

export interface CandidateRow extends Record<string, unknown> {
  personId: string;
  email: string;
  /** Null where the user has one only. */
  addresses: string[] | null;
  displayName: string;
  kind: UserKind;
  /** Null: the list `holdingsNo`, as the last read showed it. */
  holdings: Holdings | null;
  holdingsNo: number;
  groupIds: string[] | null;
  /** Null: none. */
  doubtfulGroupIds: string[] | null;
  inPilot: boolean;
  isLeftOut: boolean;
  waits: Change[] | null;
  turnedOff: string[] | null;
  isExplicit: boolean;
  isNew: boolean;
  /** Null if provenance wasn't asked for. */
  firstLicenses: string[] | null;
  given: Record<string, Provenance> | null;
  phone: PhoneRow | null;
  wish: CsvWish | null;
  reaction: Reaction | null;
  waiting: Change[] | null;
  taken: ChangeTarget[] | null;
}

export function toCandidate(row: CandidateRow, holdings: Holdings, orgId: string): Candidate {
  const { wish, reaction, waiting, taken } = row;
  const user = toKnownUser(row, holdings);
  if (wish) return { ...user, from: 'csv', wish: asOfNow(wish, { ...user, orgId }) };
  if (reaction) return { ...user, from: 'reconcile', reaction, waiting: waiting ?? [] };
  return taken ? { ...user, from: 'restore-services', taken } : { ...user, from: 'templates' };
}

function toKnownUser(row: CandidateRow, holdings: Holdings): KnownUser {
  const { personId, email, displayName, kind, groupIds, inPilot, isExplicit } = row;
  const { firstLicenses, isNew, given, phone } = row;
  return {
    personId,
    email,
    displayName,
    kind,
    holdings,
    groupIds: groupIds ?? [],
    inPilot,
    ...(row.addresses ? { addresses: row.addresses } : {}),
    ...(row.doubtfulGroupIds ? { doubtfulGroupIds: row.doubtfulGroupIds } : {}),
    ...(row.isLeftOut ? { isLeftOut: true } : {}),
    ...(row.waits ? { waits: row.waits } : {}),
    ...(row.turnedOff ? { turnedOff: row.turnedOff } : {}),
    isExplicit,
    provenance: firstLicenses
      ? provenanceOf({ holdings, given: given ?? {}, firstLicenses, isNew })
      : {},
    ...(phone ? { calling: callingOf(personId, phone) } : {}),
  };
}

/** R77: marks a wish whose user changed between export and planning. */
function asOfNow(wish: CsvWish, user: Parameters<typeof holdingsDigest>[0]): CsvWish {
  if (wish.stamp === undefined || wish.stamp === holdingsDigest(user)) return wish;
  return { ...wish, isStale: true };
}
