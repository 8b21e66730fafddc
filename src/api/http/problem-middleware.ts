import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { RepeatedLines } from '../../repeated-lines';
import { notFound, Problem } from './problem';
import { toProblem } from './to-problem';

/** The last route: no other one has this address. */
export const unknownAddress: RequestHandler = () => {
  throw notFound('resource at this address');
};

/**
 * Turns everything thrown into problem details. A 500 only contains the id of the request. The hundreds of
 * requests that fail in one outage are one line with a count.
 */
export const sendProblem =
  (lines: RepeatedLines): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    const fields = { err: error, requestId: request.id };
    if (!problem) lines.log('error', fields, 'a request failed unexpectedly');
    else if (problem.status >= 500) lines.log('error', fields, `a request failed: ${problem.code}`);
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
