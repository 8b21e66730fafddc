import type { Decision } from '../../decide/decision';
import type { KnownUser } from '../../kinds/candidate';
import { compareText } from '../../model/text/compare-text';
import { grantKey } from '../../model/target-key';

/** Users, and the e-mail addresses of the first of them in alphabetical order. */
export interface NamedUsers {
  users: number;
  named: string[];
}

/** What the survey counts about users in scope for the warnings of the plan. */
export interface SurveyCounts {
  add(user: Pick<KnownUser, 'email'>, decision: Decision): void;
  /** Users who hold an unlisted license, by offer. */
  unlistedHolders: ReadonlyMap<string, number>;
  /** Users who get back what was turned off for them, by `grantKey` (R104). */
  turnedOnAgain: ReadonlyMap<string, NamedUsers>;
  /** Templates that grant what is turned off, by id (R59a). */
  stillGranting: ReadonlyMap<string, { name: string; users: number }>;
}

const mostNamed = 100;

export function createSurveyCounts(): SurveyCounts {
  const unlistedHolders = new Map<string, number>();
  const turnedOnAgain = new Map<string, NamedUsers>();
  const stillGranting = new Map<string, { name: string; users: number }>();
  return {
    add({ email }, { kept, stillGrantedBy = [] }) {
      for (const { code, target } of kept) {
        if (code === 'unlisted' && target.kind !== 'attendee') {
          unlistedHolders.set(target.offer, (unlistedHolders.get(target.offer) ?? 0) + 1);
        } else if (code === 'turned-on-again') {
          const { site } = target;
          const offer = target.kind === 'attendee' ? 'attendee' : target.offer;
          countNamed(turnedOnAgain, grantKey({ kind: 'license', offer, site }), email);
        }
      }
      for (const { templateId, name } of stillGrantedBy) {
        const users = (stillGranting.get(templateId)?.users ?? 0) + 1;
        stillGranting.set(templateId, { name, users });
      }
    },
    unlistedHolders,
    turnedOnAgain,
    stillGranting,
  };
}

/** The order of input must not change who is named. */
function countNamed(counts: Map<string, NamedUsers>, key: string, email: string): void {
  const known = counts.get(key) ?? { users: 0, named: [] };
  const named = [...known.named, email].sort(compareText).slice(0, mostNamed);
  counts.set(key, { users: known.users + 1, named });
}
