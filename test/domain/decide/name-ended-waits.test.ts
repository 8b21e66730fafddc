import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import { aCsvRow, aTemplate, aUser, aWithheldChange, planOf, type Story } from '../builders';

const waits = [
  aWithheldChange('+MS', 'granted', aTemplate(['MS'])),
  aWithheldChange('-RTT', 'csv'),
];
const ann = { ...aUser({ holds: ['FMS', 'FTM', 'RTT'] }), waits };
const withRow = (cells: Record<string, boolean>) => ({
  ...aUser({ holds: ['FMS', 'FTM', 'RTT'], csv: aCsvRow(cells) }),
  waits,
});
const csv: RolloutChange = { kind: 'csv', importId: 'x', mode: 'add-and-remove' };
const off: RolloutChange = {
  kind: 'remove-services',
  services: ['messaging'],
  from: { organization: true },
};

interface Case extends Omit<Story, 'users'> {
  title: string;
  user?: Story['users'][number];
  ends: string[];
}

const cases: Case[] = [
  {
    title: 'turning messaging off ends the wait for Advanced Messaging',
    change: off,
    ends: ['MS'],
  },
  {
    title: 'leaving the offer out does not',
    change: off,
    except: { offers: ['MS'] },
    ends: [],
  },
  {
    title: 'FALSE in a file ends it',
    change: csv,
    user: withRow({ MS: false }),
    ends: ['MS'],
  },
  {
    title: 'a file that only adds does not end it',
    change: { ...csv, mode: 'add' },
    user: withRow({ MS: false }),
    ends: [],
  },
  {
    title: 'TRUE in a file keeps what was to be removed',
    change: csv,
    user: withRow({ RTT: true }),
    ends: ['RTT'],
  },
  {
    title: 'a template that removes everything else ends it',
    templates: [aTemplate(['FMS', 'CJPSTD'])],
    preserveLicenses: false,
    ends: ['MS'],
  },
  {
    title: 'a template that keeps everything else does not',
    templates: [aTemplate(['FMS', 'CJPSTD'])],
    preserveLicenses: true,
    ends: [],
  },
  {
    title: 'a template that grants it takes it over, without ending it',
    templates: [aTemplate(['MS'])],
    preserveLicenses: false,
    ends: [],
  },
  {
    title: 'an exact reaction ends it',
    change: { kind: 'reconcile' },
    templates: [aTemplate(['FMS'])],
    user: { ...aUser({ holds: ['FMS', 'FTM', 'RTT'], reaction: 'exact' }), waits },
    ends: ['MS'],
  },
  {
    title: 'a reaction that only adds does not',
    change: { kind: 'reconcile' },
    templates: [aTemplate(['FMS'])],
    user: { ...aUser({ holds: ['FMS', 'FTM', 'RTT'], reaction: 'add' }), waits },
    ends: [],
  },
];

describe('a plan for a user who waits for a unit since an earlier rollout', () => {
  it.each(cases)('R107 $title', ({ user = ann, ends, ...story }) => {
    const row = planOf({ ...story, users: [user] }).of('ann');
    const named = row.kept.filter(({ code }) => code === 'wait-ends');
    expect(named.map(({ target }) => ('offer' in target ? target.offer : target.site))).toEqual(
      ends,
    );
  });
});
