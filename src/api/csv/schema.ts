import { z } from 'zod';
import { instant, orNull } from '../http/schema-parts';

const csvRolloutBody = (mode: 'add' | 'add-and-remove') =>
  z.strictObject({
    change: z.strictObject({ kind: z.literal('csv'), importId: z.string(), mode: z.literal(mode) }),
  });

const remark = z.strictObject({
  line: z.int().meta({ description: 'Of the file, from 1' }),
  column: orNull(z.string()),
  user: z.string(),
  code: z.enum(['stale', 'suspended', 'read-only', 'phone-without-plus']),
  detail: z.string(),
  refused: z.boolean().meta({ description: 'The line was left out; all others go on' }),
});

export const csvImportBrief = z
  .strictObject({
    importId: z.string(),
    createdAt: instant,
    createdBy: z.string(),
    users: z.int().meta({ description: 'Users that a rollout looks at' }),
    staleUsers: z.int().meta({
      description: 'Lines refused because licenses have changed since the export (R77)',
    }),
    exportedAt: orNull(instant).meta({
      description: 'Of the oldest stamp in the file; null: it carries none',
    }),
    columns: z.array(z.string()).meta({
      description: 'License and attendee columns of the file; what it lacks is untouched (R73)',
    }),
    links: z.strictObject({ self: z.string(), rollouts: z.string() }),
  })
  .meta({ id: 'CsvImportBrief' });

export const csvImport = csvImportBrief
  .extend({
    refusedUsers: z.int().meta({ description: 'Lines that were left out, stale ones included' }),
    remarks: z.array(remark).meta({
      description: 'What was refused or needs attention, in the order of the file (R74, R77, R78)',
    }),
    rolloutBodies: z
      .strictObject({
        add: csvRolloutBody('add'),
        addAndRemove: csvRolloutBody('add-and-remove'),
      })
      .meta({ description: 'To be posted to `links.rollouts`, one or the other (R72)' }),
  })
  .meta({ id: 'CsvImport' });
