import { z } from 'zod';
import { defineEndpoint } from '../../http/endpoint';

export const getLivenessEndpoint = defineEndpoint({
  method: 'get',
  path: '/livez',
  tag: 'Health',
  role: null,
  summary: 'Check that this process is alive',
  replies: {
    200: {
      description: 'It is alive',
      schema: z.strictObject({ status: z.literal('ok'), version: z.string() }),
    },
  },
  handle: ({ deps }) =>
    Promise.resolve({ status: 200, body: { status: 'ok', version: deps.version } }),
});
