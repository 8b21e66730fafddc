import { counted } from '../model/text/wording';

/** People whom the credential sees, and how many there are as another source says (R87). */
export interface PeopleFigures {
  seen: number;
  promised: number | null;
  source: 'scim' | 'licenses' | null;
}

/** Of what is promised, this share may be unseen: accounts come and go between two reads. */
const tolerancePercent = 2;

/** Whether the credential seems to see only a part of the people, such as those of one location. */
export function isPartialView({ seen, promised }: PeopleFigures): boolean {
  const unseen = (promised ?? seen) - seen;
  return unseen > 1 && unseen * 100 > (promised ?? 0) * tolerancePercent;
}

/** Both figures in one sentence. */
export function peopleText(figures: PeopleFigures): string {
  const { seen, promised, source } = figures;
  const shown = `Webex shows ${counted(seen, 'user')} to this credential`;
  if (promised === null) {
    return `${shown}. Neither SCIM nor the free licenses say how many there are.`;
  }
  const says = source === 'scim' ? "SCIM's total is" : 'The units of the free licenses are';
  const partial = isPartialView(figures) ? ' The credential seems to see only a part of them.' : '';
  return `${shown}. ${says} ${promised}.${partial}`;
}
