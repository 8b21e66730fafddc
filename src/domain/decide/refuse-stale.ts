import type { Decision } from './decision';
import { note, type Note } from '../model/note';

/** R77: whoever's licenses have changed since the export is left as they are, and what the line asked for is named. */
export function refuseStale({ wants, losses, kept, blocked }: Decision): Decision {
  const stale = (target: Note['target']) => {
    return note('stale', 'licenses have changed since the export', 'R77', target);
  };
  return {
    wants: [],
    losses: [],
    kept,
    blocked: [
      ...blocked,
      ...wants.map(({ pool, offer, site }) =>
        stale(
          pool === null && site !== null
            ? { kind: 'attendee', site }
            : { kind: 'offer', offer, site },
        ),
      ),
      ...losses.map(({ target }) => stale(target)),
    ],
    removalsWait: true,
  };
}
