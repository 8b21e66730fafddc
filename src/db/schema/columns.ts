/** Columns that tables share. */
import { text, timestamp } from 'drizzle-orm/pg-core';

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
export const orgId = () => text('org_id').notNull();
