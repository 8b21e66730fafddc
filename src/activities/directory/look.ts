/** What a look has read, beside the mirror. */
export interface Look {
  orgId: string;
  startedAt: Date;
  /** It showed everybody. */
  isFull: boolean;
  readBy: 'scim' | 'people';
  /** Newest change that SCIM showed; null: none, or not asked. */
  newest: Date | null;
  /** Whom SCIM showed and people didn't. */
  unread: readonly string[];
  /** What couldn't be read whole; null where everything was. */
  trouble: string | null;
}
