/** One entry of the `errors` list of Webex's error body. */
export interface ErrorEntry {
  errorCode?: number;
  description: string;
}

/** An error answer in Webex's words; the server adds the tracking id. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
    readonly errors: readonly ErrorEntry[] = [{ description: message }],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function badRequest(description: string): ApiError {
  return new ApiError(400, description);
}

/** For malformed ids and for unknown ones. */
export function notFound(): ApiError {
  const message = 'The requested resource could not be found.';
  return new ApiError(404, message, [{ errorCode: 1, description: message }]);
}

/** A 400 of `PATCH /licenses/users`. */
export function licenseError(errorCode: number, message: string, description: string): ApiError {
  return new ApiError(400, message, [{ errorCode, description }]);
}
