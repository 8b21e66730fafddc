import { z } from 'zod';
import { instant } from '../http/parameters/schema-parts';

export const auditEvent = z
  .strictObject({
    id: z.int(),
    at: instant,
    actor: z.string(),
    role: z.string(),
    action: z.string().meta({ example: 'template.saved' }),
    target: z.string().meta({ example: 'rollouts/<id>' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });
