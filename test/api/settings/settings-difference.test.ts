import { settingsDifference } from '../../../src/api/settings/settings-difference';
import { defaultSettings } from '../../../src/domain/model/default-settings';

describe('what a save of settings changed', () => {
  it('has only the settings that differ', () => {
    const before = { ...defaultSettings, attendeeSites: ['a.x', 'b.x'] };
    const after = {
      ...before,
      attendeeSites: ['b.x', 'c.x'],
      preserveOnGroupTransition: false,
    };
    expect(settingsDifference(before, after)).toEqual({
      attendeeSites: { added: ['c.x'], removed: ['a.x'] },
      preserveOnGroupTransition: { before: true, after: false },
    });
    expect(settingsDifference(before, { ...before })).toEqual({});
  });
});
