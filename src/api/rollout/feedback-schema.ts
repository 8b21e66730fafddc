import { z } from 'zod';
import { instant, orNull } from '../http/schema-parts';

const verdict = z.enum(['good', 'neutral', 'bad']);

export const feedbackBody = z
  .strictObject({
    verdict: verdict.meta({ description: 'How it went for whoever says it' }),
    text: z.string().trim().min(1).max(2_000).meta({ description: 'In their words' }),
    user: z.string().min(1).max(512).optional().meta({
      description: 'Id or e-mail address of a user of this rollout: whom it is from',
    }),
  })
  .meta({ id: 'FeedbackRequest' });

export const feedback = z
  .strictObject({
    id: z.int(),
    at: instant,
    recordedBy: z.string(),
    personId: orNull(z.string()).meta({ description: 'null: nobody was named' }),
    verdict,
    text: z.string(),
  })
  .meta({ id: 'Feedback', description: 'What somebody says about a rollout (R85)' });

export const feedbackSummary = z
  .strictObject({
    good: z.int(),
    neutral: z.int(),
    bad: z.int(),
    latest: z.array(feedback).meta({ description: 'At most 5, newest first' }),
    href: z.string().meta({ description: 'Where all of it is, and where more is sent' }),
  })
  .meta({
    id: 'FeedbackSummary',
    description: 'What pilot users say, to be read before `promote` (R85)',
  });
