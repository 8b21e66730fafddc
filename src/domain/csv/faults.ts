import { faultsListed } from '../model/text/faults-listed';

/** What is wrong with a file, and where. A file with a fault is refused as a whole. */
export interface CsvFault {
  /** 1-based line of the file at which the row begins. */
  line: number;
  /** Header of the column; null if the fault is about the whole line. */
  column: string | null;
  code: CsvFaultCode;
  detail: string;
}

export type CsvFaultCode =
  | 'empty-file'
  | 'malformed-csv'
  | 'not-utf-8'
  | 'missing-column'
  | 'unknown-column'
  | 'unknown-attendee-site'
  | 'duplicate-column'
  | 'too-many-users'
  | 'too-many-lines'
  | 'wrong-cell-count'
  | 'missing-user'
  | 'unknown-user'
  | 'duplicate-user'
  | 'bad-cell'
  | 'bad-stamp'
  | 'needs-basic-messaging'
  | 'needs-basic-space-meetings'
  | 'not-alone'
  | 'host-and-attendee';

/** A remark about one user's line, which doesn't stop the others (R74, R77, R78). */
export interface CsvRemark {
  line: number;
  column: string | null;
  /** E-mail address; of an unknown user, what the line says. */
  user: string;
  code: 'stale' | 'unknown-user' | 'suspended' | 'read-only' | 'phone-without-plus';
  detail: string;
  /** Whether the line was left out. */
  refused: boolean;
}

/** Faults in the order of the file: the first ones in full, all of them counted. */
export interface FaultList {
  readonly total: number;
  readonly listed: readonly CsvFault[];
  add(...faults: readonly CsvFault[]): void;
}

export function createFaultList(): FaultList {
  const listed: CsvFault[] = [];
  let total = 0;
  return {
    get total() {
      return total;
    },
    get listed() {
      return [...listed].sort((a, b) => a.line - b.line);
    },
    add(...faults) {
      total += faults.length;
      listed.push(...faults.slice(0, faultsListed - listed.length));
    },
  };
}
