import { basisOf, whatChanged } from '../../../../src/domain/plan/aged/plan-basis';
import {
  aLicense,
  aTemplate,
  contextOf,
  licensesWith,
  someSettings,
  type Story,
} from '../../builders';

const story: Story = {
  templates: [aTemplate(['MS']), aTemplate(['RTT'], { group: 'sales' })],
  users: [],
};
const basis = (
  changed: Partial<Story> = {},
  memberships: Record<string, string> = { sales: '2/7' },
) => basisOf(contextOf({ ...story, ...changed }), memberships);
const [ofAll = aTemplate([]), ofSales = aTemplate([])] = story.templates ?? [];

describe('what a plan was made from', () => {
  it.each<[string, ReturnType<typeof basis>, string[]]>([
    ['is the same', basis(), []],
    ['has its templates in another order', basis({ templates: [ofSales, ofAll] }), []],
    [
      'has a template that was saved again',
      basis({ templates: [ofAll, { ...ofSales, revision: 3 }] }),
      ['Template "Template of-sales" was saved: revision 3 is in force, the plan was made with 1.'],
    ],
    [
      'has one more template',
      basis({ templates: [ofAll, ofSales, aTemplate(['MS'], { group: 'it' })] }),
      ['Template "Template of-it" is new or has come into force.'],
    ],
    [
      'has one template less',
      basis({ templates: [ofAll] }),
      ['Template "Template of-sales" has ended.'],
    ],
    [
      'has another mode and other administrators',
      basis({
        settings: someSettings({
          compositionMode: 'exclusive',
          siteAdministrators: [{ site: 'a', users: ['b'] }],
        }),
      }),
      ['The setting compositionMode was changed.', 'The setting siteAdministrators was changed.'],
    ],
    [
      'has another pace of checks',
      basis({ settings: someSettings({ watch: { intervalSeconds: 9, floodLimit: 1 } }) }),
      [],
    ],
    [
      'has fewer units left, but the same licenses',
      basis({ licenses: licensesWith(aLicense('MS', { total: 3, used: 3 })) }),
      [],
    ],
    [
      'has other licenses',
      basis({ licenses: [] }),
      ['The licenses of the organization have changed.'],
    ],
    [
      'has other members',
      basis({}, { sales: '3/8' }),
      ['Users have joined or left groups that have a template or that the plan names.'],
    ],
    ['counts one more group: the template tells', basis({}, { sales: '2/7', it: '1/1' }), []],
    [
      'has a group that vanished',
      basis({ vanishedGroups: ['sales'] }),
      ['Groups with a template have disappeared from the directory, or have come back.'],
    ],
  ])('R101 %s', (_, now, expected) => {
    expect(whatChanged(basis(), now)).toEqual(expected);
  });
});
