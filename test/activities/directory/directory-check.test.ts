import { checkOf, type PendingRead } from '../../../src/activities/directory/directory-check';

const pending: PendingRead = {
  startedAt: '2026-01-02T03:04:05.000Z',
  groupIds: [],
  hasTrouble: false,
  readEverybody: true,
  check: { isFull: true, readBy: 'scim', newest: null, unread: [], trouble: null },
};

describe('a check after its second read', () => {
  it('says why that read failed, in addition to what the first one lacked', () => {
    const troubleOf = (more: Partial<PendingRead>) =>
      checkOf('org', { ...pending, ...more })?.trouble;
    expect(troubleOf({})).toBeNull();
    expect(troubleOf({ secondReadTrouble: null })).toBeNull();
    expect(troubleOf({ secondReadTrouble: '503' })).toBe(
      'what seems to be missing could not be read again: 503',
    );
    const check = { ...pending.check!, trouble: 'SCIM: 403' };
    expect(troubleOf({ check, secondReadTrouble: '503' })).toBe(
      'SCIM: 403; what seems to be missing could not be read again: 503',
    );
  });
});
