/** What one check of the watch has read, in addition to the mirror. */
export interface DirectoryCheck {
  orgId: string;
  /** By the database's clock (R93). */
  startedAt: Date;
  /** By Webex's clock, where it says its time: who was created later is new. */
  beganAt: Date;
  /** It read all users. */
  isFull: boolean;
  readBy: 'scim' | 'people';
  /** Newest change that SCIM showed; null: none, or not asked. */
  newest: Date | null;
  /** Users whom SCIM showed and the list of people didn't. */
  unread: readonly string[];
  /** What couldn't be read completely; null if everything could. */
  trouble: string | null;
}

/** What is kept of a read until what is missing has been read a second time (R89). */
export interface PendingRead {
  startedAt: string;
  /** Groups whose members were read. */
  groupIds: string[];
  /** Some list couldn't be read completely. */
  hasTrouble: boolean;
  /** The list of all people was read completely. */
  readEverybody: boolean;
  /** Only members were read, before a wave: nothing else is read a second time. */
  onlyMembers?: true;
  /** Why the second read failed, so that nothing was taken. */
  secondReadTrouble?: string | null;
  /** The check of the watch that compares the mirror afterwards; null: a rollout reads, or a person. */
  check:
    | (Omit<DirectoryCheck, 'orgId' | 'startedAt' | 'beganAt' | 'newest'> & {
        newest: string | null;
        /** Absent: kept by an earlier version. */
        beganAt?: string;
      })
    | null;
}

/** The check of the watch as it goes on after the second read. */
export function checkOf(orgId: string, pending: PendingRead): DirectoryCheck | null {
  const { check, startedAt } = pending;
  if (!check) return null;
  const newest = check.newest === null ? null : new Date(check.newest);
  const beganAt = new Date(check.beganAt ?? startedAt);
  const { secondReadTrouble } = pending;
  const again = secondReadTrouble
    ? `what seems to be missing could not be read again: ${secondReadTrouble}`
    : null;
  const trouble = [check.trouble, again].filter((part) => part !== null).join('; ') || null;
  return { ...check, trouble, orgId, startedAt: new Date(startedAt), beganAt, newest };
}

export function pendingOf(check: DirectoryCheck, groupIds: string[]): PendingRead {
  const { isFull, readBy, unread, trouble } = check;
  const beganAt = check.beganAt.toISOString();
  const newest = check.newest?.toISOString() ?? null;
  return {
    startedAt: check.startedAt.toISOString(),
    groupIds,
    hasTrouble: trouble !== null,
    readEverybody: isFull,
    check: { isFull, readBy, beganAt, newest, unread, trouble },
  };
}
