import { asOrganization, aScriptedWebex, licenseId, orgUuid } from '../../support/scripted-webex';

const scim = `/identity/scim/${orgUuid}/v2/Users`;
const subscription = { subscriptionId: 'Sub-1' };

/** A Webex with these licenses, whose SCIM answers so. */
function anOrganization(licenses: object[], answer: { status?: number; body?: object }) {
  return aScriptedWebex((call) => {
    if (call.path === scim) return answer;
    return asOrganization(call) ?? { body: { items: licenses } };
  });
}

const units = (offer: string, totalUnits: number, more: object = {}) => ({
  id: licenseId(offer),
  name: offer,
  totalUnits,
  ...more,
});

describe('how many people the organization promises', () => {
  const forbidden = { status: 403 };
  const cases: [string, object[], { status?: number; body?: object }, object][] = [
    [
      "SCIM's total",
      [units('FMS', 90)],
      { body: { totalResults: 101, Resources: [] } },
      { people: 101, source: 'scim' },
    ],
    [
      'the units of the free licenses, where SCIM may not be read',
      [units('FMS', 101), units('MS', 500, subscription)],
      forbidden,
      { people: 101, source: 'free-licenses' },
    ],
    [
      'those units, where SCIM says nobody',
      [units('FMS', 101)],
      { body: { totalResults: 0, Resources: [] } },
      { people: 101, source: 'free-licenses' },
    ],
    [
      'the smallest of them, where they differ',
      [units('FMS', 103), units('FTC', 101), units('FSS', 0)],
      forbidden,
      { people: 101, source: 'free-licenses' },
    ],
    [
      'nothing, where only paid licenses are listed',
      [units('MS', 500, subscription), units('FMS', 70, subscription)],
      forbidden,
      { people: null, source: null },
    ],
  ];

  it.each(cases)('R87 is %s', async (_, licenses, answer, promised) => {
    const { webex } = anOrganization(licenses, answer);
    expect(await webex.promisedPeople(await webex.listLicenses())).toEqual(promised);
  });
});
