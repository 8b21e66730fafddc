import { faultsListed } from '../../domain/model/text/faults-listed';

/** Every `code` of a problem, with its status and title. The list is closed: clients can switch on it. */
export const problemCodes = {
  'malformed-json': [400, 'The body is not valid JSON'],
  'unexpected-body': [400, 'This request must not have a body'],
  'invalid-parameter': [400, 'A parameter is invalid'],
  unauthenticated: [401, 'A valid token is required'],
  forbidden: [403, 'The role of this token is not sufficient'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'composition-conflict': [409, 'The composition mode allows only one kind of template'],
  'confirmation-required': [409, 'Confirmation required'],
  'draft-pending': [409, 'This template has a draft'],
  'no-draft': [409, 'This template has no draft'],
  'template-in-use': [409, 'A rollout that has not ended uses this template'],
  'group-not-usable': [409, "This group can't have a template"],
  'group-exists': [409, 'The group of this template exists'],
  'ambiguous-name': [409, 'Several groups have this name'],
  'not-observed': [409, 'The directory has not been read yet'],
  'action-not-allowed': [409, 'Not possible in the current phase'],
  'action-too-late': [409, 'The rollout has moved on'],
  'digest-mismatch': [409, 'The plan has changed'],
  'organization-busy': [409, 'Another rollout is writing'],
  'figures-changed': [409, 'The figures have changed'],
  'plan-stale': [409, 'The plan is out of date'],
  'guard-tripped': [409, 'A guard prevents the start'],
  'read-only': [409, 'Writing to Webex is turned off'],
  'request-in-progress': [409, 'The same request is still being carried out'],
  'precondition-failed': [412, 'It was changed since it was read'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'Unsupported type of body'],
  'invalid-request': [422, 'The request is invalid'],
  'invalid-template': [422, 'The template is invalid'],
  'invalid-csv': [422, 'The file is invalid'],
  'unknown-reference': [422, 'The request refers to something that does not exist'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
  'too-many-requests': [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  'database-unavailable': [503, "The database can't be reached"],
  'temporal-unavailable': [503, "Temporal can't be reached"],
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
  /** The rule behind it, if there is one. */
  rule?: string;
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
      /** Members in addition to the standard ones: `allowedActions`, `conflictsWith` … */
      members?: Record<string, unknown>;
    } = {},
  ) {
    super(detail);
    this.status = problemCodes[code][0];
  }

  /** The document as it is sent. */
  toJson(instance: string): Record<string, unknown> {
    return {
      type: `urn:seatwise:problem:${this.code}`,
      title: problemCodes[this.code][1],
      status: this.status,
      code: this.code,
      detail: this.detail,
      instance,
      ...errorList(this.more.errors),
      ...this.more.members,
    };
  }
}

/** The first faults, and how many there are where that is more. */
function errorList(errors: Fault[] | undefined): Record<string, unknown> {
  if (errors === undefined || errors.length <= faultsListed) return errors ? { errors } : {};
  return { errors: errors.slice(0, faultsListed), totalErrors: errors.length };
}

export function notFound(what: string): Problem {
  return new Problem('not-found', `There is no ${what}.`);
}
