/** Every `code` of a problem, with its status and title. Closed: clients may switch on it. */
export const problemCodes = {
  'malformed-json': [400, 'The body is not JSON'],
  'unexpected-body': [400, 'This request takes no body'],
  'invalid-parameter': [400, 'A parameter is wrong'],
  unauthenticated: [401, 'A valid token is needed'],
  forbidden: [403, 'The role of this token is not enough'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This address has no such method'],
  'composition-conflict': [409, 'The composition mode does not allow both kinds of template'],
  'confirmation-required': [409, 'This has to be confirmed'],
  'draft-pending': [409, 'A draft of this template waits for its rollout'],
  'no-draft': [409, 'This template has no draft'],
  'template-in-use': [409, 'A rollout that has not ended needs this template'],
  'group-not-usable': [409, 'This group can hold no template'],
  'ambiguous-name': [409, 'Several groups have this name'],
  'not-observed': [409, 'The directory was never read'],
  'action-not-allowed': [409, 'This action makes no sense now'],
  'action-too-late': [409, 'The rollout has moved on since'],
  'digest-mismatch': [409, 'The stored plan is another one'],
  'organization-busy': [409, 'Another rollout is writing'],
  'guard-tripped': [409, 'A guard forbids the start'],
  'read-only': [409, 'Writing to Webex is switched off'],
  'request-in-progress': [409, 'The same request is being carried out'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body is of the wrong type'],
  'invalid-request': [422, 'The request has faults'],
  'invalid-template': [422, 'The template cannot be right'],
  'invalid-csv': [422, 'The file has faults'],
  'unknown-reference': [422, 'The request names things that do not exist'],
  'idempotency-key-reused': [422, 'The key was used for another request'],
  internal: [500, 'Something went wrong here'],
  'database-unavailable': [503, 'The database cannot be reached'],
  'temporal-unavailable': [503, 'Temporal cannot be reached'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof problemCodes;

/** One fault: where it is, a code for programs, a sentence for people. */
export interface Fault {
  /** JSON pointer into the body. */
  pointer?: string;
  /** Name of a query, path or header parameter. */
  parameter?: string;
  /** 1-based line of a file, and the header of the column there. */
  line?: number;
  column?: string | null;
  code: string;
  detail: string;
}

/** What handlers throw; one middleware turns it into `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: {
      errors?: Fault[];
      headers?: Record<string, string>;
      /** Members beside the standard ones: `allowedActions`, `conflictsWith` … */
      members?: Record<string, unknown>;
    } = {},
  ) {
    super(detail);
    this.status = problemCodes[code][0];
  }

  /** The document as it goes over the wire. */
  toJson(instance: string): Record<string, unknown> {
    return {
      type: `urn:seatwise:problem:${this.code}`,
      title: problemCodes[this.code][1],
      status: this.status,
      code: this.code,
      detail: this.detail,
      instance,
      ...(this.more.errors ? { errors: this.more.errors } : {}),
      ...this.more.members,
    };
  }
}

export function notFound(what: string): Problem {
  return new Problem('not-found', `There is no ${what}.`);
}
