import type { Candidate } from '../../domain/kinds/candidate';
import type { Change } from '../../domain/model/change';
import type { Note } from '../../domain/model/note';
import type { StoredDecision } from '../../domain/plan/aged/decided-differently';
import { toCandidate, type CandidateRow } from './candidate-row';
import type { Shared, StoredContent } from './shared';

/** A stored row of a plan that waits for its write, and its user as planning would read them now. */
export interface PlannedCandidate {
  candidate: Candidate;
  row: StoredDecision & { seq: number; wave: number };
}

/** What a row has of its own; `holdings`: what its user held when they were planned. */
export interface PlannedCandidateRow extends CandidateRow {
  seq: number;
  wave: number;
  content: number | null;
  ownChanges: Change[] | null;
  ownWaiting: Change[] | null;
  ownBlocked: Note[] | null;
}

/** What a row has of its own counts instead of its content; rows of earlier versions have no content. */
export function plannedCandidate(
  row: PlannedCandidateRow,
  contents: Shared<StoredContent>,
  orgId: string,
): PlannedCandidate {
  const { seq, wave, content, holdings, ownChanges, ownWaiting, ownBlocked } = row;
  const shared = content === null ? nothing : contents.of(content);
  return {
    candidate: toCandidate(row, holdings ?? shared.before, orgId),
    row: {
      seq,
      wave,
      changes: ownChanges ?? shared.changes,
      waiting: ownWaiting ?? shared.waiting,
      blocked: ownBlocked ?? shared.blocked,
    },
  };
}

const nothing: StoredContent = {
  before: { licenses: [], attendeeSites: null },
  changes: [],
  waiting: [],
  blocked: [],
};
