import { z } from 'zod';
import { instant, orNull } from '../http/parameters/schema-parts';

const csvRolloutBody = (mode: 'add' | 'add-and-remove') =>
  z.strictObject({
    change: z.strictObject({ kind: z.literal('csv'), importId: z.string(), mode: z.literal(mode) }),
  });

const remark = z.strictObject({
  line: z.int().meta({ description: 'Line of the file, counted from 1' }),
  column: orNull(z.string()),
  user: z.string(),
  code: z.enum(['stale', 'unknown-user', 'suspended', 'read-only', 'phone-without-plus']),
  detail: z.string(),
  refused: z
    .boolean()
    .meta({ description: 'Whether the line was left out; other lines are not affected' }),
});

export const csvImportBrief = z
  .strictObject({
    importId: z.string(),
    createdAt: instant,
    createdBy: z.string(),
    users: z.int().meta({ description: 'Users that a rollout of this import covers' }),
    staleUsers: z.int().meta({
      description: "Lines refused because the user's licenses have changed since the export",
    }),
    exportedAt: orNull(instant).meta({
      description: 'Time of the oldest stamp in the file; null if no line has a stamp',
    }),
    columns: z.array(z.string()).meta({
      description:
        'License and attendee columns of the file; licenses without a column are not changed',
    }),
    links: z.strictObject({ self: z.string(), rollouts: z.string() }),
  })
  .meta({ id: 'CsvImportBrief' });

export const csvImport = csvImportBrief
  .extend({
    refusedUsers: z.int().meta({ description: 'Lines that were left out, including stale ones' }),
    remarks: z.array(remark).meta({
      description: 'What was refused or needs attention, in the order of the file',
    }),
    rolloutBodies: z
      .strictObject({
        add: csvRolloutBody('add'),
        addAndRemove: csvRolloutBody('add-and-remove'),
      })
      .meta({ description: 'Bodies to post to `links.rollouts`: one or the other' }),
  })
  .meta({ id: 'CsvImport' });
