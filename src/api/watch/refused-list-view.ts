import type { StoredRefusal } from '../../db/directory/beliefs/refusals';
import { refusalText } from '../../domain/watch/refused-list';

/** A list that isn't believed, with both figures. */
export function refusedListView(refused: StoredRefusal) {
  const { list, name, refusal, before, now, missing, since, at, reads, accepted } = refused;
  return {
    list,
    name,
    refusal,
    before,
    now,
    missing,
    text: `${refusalText(refused)}.`,
    since: since.toISOString(),
    at: at.toISOString(),
    reads,
    accepted: accepted && { ...accepted, at: accepted.at.toISOString() },
  };
}
