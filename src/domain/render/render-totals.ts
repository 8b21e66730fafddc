import { targetLabel } from '../licenses/change-label';
import { counted } from '../model/text/wording';
import type { ChangeTotal, PlanSummary, PlanWave, UnitForecast } from '../plan/plan-summary';
import { durationLabel } from './duration-label';

/** `- 12 users lose Webex Meetings Suite (EE), host on acme.webex.com`, removals first. */
export function renderTotals(totals: readonly ChangeTotal[]): string[] {
  const removals = totals.filter(({ operation }) => operation === 'remove');
  const additions = totals.filter(({ operation }) => operation === 'add');
  return [
    ...removals.map(
      (total) => `- ${counted(total.users, 'user loses', 'users lose')} ${what(total)}`,
    ),
    ...additions.map(
      (total) => `+ ${counted(total.users, 'user gains', 'users gain')} ${what(total)}`,
    ),
  ];
}

function what({ offer, site }: ChangeTotal): string {
  if (offer === 'attendee' && site !== null) return targetLabel({ kind: 'attendee', site });
  return targetLabel({ kind: 'offer', offer, site });
}

/** Only licenses that can run out and that the plan uses, frees or lacks units of. */
export function renderUnits(units: readonly UnitForecast[]): string[] {
  return units.flatMap((unit) => {
    const { unitsLeft, unitsLeftAfter, taken, freed, waiting } = unit;
    if (unitsLeft === null || unitsLeftAfter === null || taken + freed + waiting === 0) return [];
    const balance = `${unitsLeft} left now, ${unitsLeftAfter} after (${taken} added, ${freed} removed)`;
    const waits = waiting > 0 ? `, ${counted(waiting, 'user waits', 'users wait')}` : '';
    return [`Units of ${unitName(unit)}: ${balance}${waits}`];
  });
}

/** The name that Webex shows for this very license: an offer can have several. */
function unitName({ name, offer, site }: UnitForecast): string {
  const named = name === offer ? offer : `${name} (${offer})`;
  return site === null ? named : `${named} on ${site}`;
}

export function renderWaves(waves: readonly PlanWave[]): string[] {
  if (waves.length === 0) return [];
  const parts = waves.map(({ wave, users }) =>
    wave === 0 ? `pilot (${counted(users, 'user')})` : `wave ${wave} (${counted(users, 'user')})`,
  );
  return [`Order: ${parts.join(', ')}`];
}

/** The last line: the totals of the plan and its estimated time. */
export function renderClosing(summary: PlanSummary, writesPerSecond: number): string {
  const { planned, removals, additions } = summary;
  const resting = [
    [summary.unchanged, 'unchanged'],
    [summary.waitingForSeat, 'waiting for a unit'],
    [summary.hostPending, 'waiting for a host license'],
    [summary.blocked, 'blocked'],
    [summary.excluded ?? 0, 'left out'],
  ] as const;
  const others = resting.filter(([users]) => users > 0).map(([users, word]) => `${users} ${word}`);
  const time =
    planned === 0
      ? 'Nothing will be written.'
      : `About ${durationLabel(planned / writesPerSecond)} at ${counted(writesPerSecond, 'write')} per second, plus gates and soak time.`;
  return (
    `Plan: ${counted(planned, 'user')} to change, ${counted(removals, 'removal')}, ` +
    `${counted(additions, 'addition')}${others.length > 0 ? `; ${others.join(', ')}` : ''}. ${time}`
  );
}
