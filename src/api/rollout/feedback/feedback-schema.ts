import { z } from 'zod';
import { instant, orNull } from '../../http/parameters/schema-parts';

const verdict = z.enum(['good', 'neutral', 'bad']);

export const feedbackBody = z
  .strictObject({
    verdict: verdict.meta({ description: 'How the change went for the user' }),
    text: z.string().trim().min(1).max(2_000).meta({ description: 'The feedback itself' }),
    user: z.string().min(1).max(512).optional().meta({
      description: 'Id or e-mail address of the user of this rollout who gives the feedback',
    }),
  })
  .meta({ id: 'FeedbackRequest' });

export const feedback = z
  .strictObject({
    id: z.int(),
    at: instant,
    recordedBy: z.string(),
    personId: orNull(z.string()).meta({ description: 'null if no user was named' }),
    verdict,
    text: z.string(),
  })
  .meta({ id: 'Feedback', description: 'Feedback about a rollout' });

export const feedbackSummary = z
  .strictObject({
    good: z.int(),
    neutral: z.int(),
    bad: z.int(),
    latest: z.array(feedback).meta({ description: 'At most 5, newest first' }),
    href: z
      .string()
      .meta({ description: 'Address that lists all feedback, and to which more is posted' }),
  })
  .meta({
    id: 'FeedbackSummary',
    description: 'Feedback of users, to read before `promote`',
  });
