/** What one check of the watch has read, in addition to the mirror. */
export interface DirectoryCheck {
  orgId: string;
  startedAt: Date;
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
