import type { ErrorRequestHandler, RequestHandler } from 'express';
import { notFound, Problem } from './problem';
import { toProblem } from './to-problem';

/** The last route: nothing else has this address. */
export const unknownAddress: RequestHandler = () => {
  throw notFound('such address');
};

/** Turns everything thrown into problem details. A 500 says nothing but which request it was. */
export const sendProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const problem = toProblem(error);
  if (!problem) request.log.error({ err: error }, 'a request failed with a bug');
  if (response.headersSent) {
    // A stream has begun: cutting it off is all that is left to say.
    response.destroy();
    next();
    return;
  }
  const told =
    problem ??
    new Problem('internal', 'The failure was logged under this request id.', {
      members: { requestId: request.id },
    });
  response
    .status(told.status)
    .set(told.more.headers ?? {})
    .type('application/problem+json')
    .send(JSON.stringify(told.toJson(request.path)));
};
