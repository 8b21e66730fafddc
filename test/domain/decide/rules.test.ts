import { attendeeRules } from '../../../src/domain/decide/attendee-rules';
import { licenseRules } from '../../../src/domain/decide/decide-user';

describe('the rules about one user, in the order in which they are asked', () => {
  it('R11 R19b R36 R40 R41 R45 R46 R56 R60 R64 about a granted license', () => {
    expect(licenseRules.map(({ name }) => name)).toEqual([
      'heldAlready',
      'standardBesidePremium',
      'excludedByAnother',
      'notSold',
      'cannotHaveCalling',
      'grant',
    ]);
  });

  it('R34 R38 R39 R40a about a granted attendee account', () => {
    expect(attendeeRules.map(({ name }) => name)).toEqual([
      'dealtWith',
      'hostStays',
      'attendeeAlready',
      'featureIsOff',
      'administersTheSite',
      'grantAttendee',
    ]);
  });
});
