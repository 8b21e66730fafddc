import type { ErrorRequestHandler, RequestHandler } from 'express';
import { notFound, Problem } from './problem';
import { toProblem } from './to-problem';

/** The last route: no other one has this address. */
export const unknownAddress: RequestHandler = () => {
  throw notFound('resource at this address');
};

/** Turns everything thrown into problem details. A 500 only contains the id of the request. */
export const sendProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const problem = toProblem(error);
  if (!problem) request.log.error({ err: error }, 'a request failed unexpectedly');
  if (response.headersSent) {
    // A stream has begun: the only way to report a failure is to cut it off.
    response.destroy();
    next();
    return;
  }
  const sent =
    problem ??
    new Problem('internal', 'The error was logged with this request id.', {
      members: { requestId: request.id },
    });
  response
    .status(sent.status)
    .set(sent.more.headers ?? {})
    .type('application/problem+json')
    .send(JSON.stringify(sent.toJson(request.path)));
};
