import type { Decision, Want } from './decision';
import { note, type Note } from '../model/note';

/** R77: users whose licenses have changed since the export are left alone; the plan names what was asked for. */
export function refuseStale({ wants, losses, kept, blocked }: Decision): Decision {
  const asked = [...wants.map(targetOfWant), ...losses.map(({ target }) => target)];
  const text = "the user's licenses have changed since the export";
  const stale = asked.map((target) => note('stale', text, 'R77', target));
  return { wants: [], losses: [], kept, blocked: [...blocked, ...stale], removalsWait: true };
}

function targetOfWant(want: Want): Note['target'] {
  if (want.kind === 'attendee') return { kind: 'attendee', site: want.site };
  return { kind: 'offer', offer: want.offer, site: want.site };
}
