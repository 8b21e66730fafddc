/** What is wrong with a file, and where: such a file isn't taken at all. */
export interface CsvFault {
  /** 1-based line of the file at which the row begins. */
  line: number;
  /** Header of the column; null where the whole line is meant. */
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

/** What is worth saying about one user's line while the others go on (R74, R77, R78). */
export interface CsvRemark {
  line: number;
  column: string | null;
  /** E-mail address. */
  user: string;
  code: 'stale' | 'suspended' | 'read-only' | 'phone-without-plus';
  detail: string;
  /** Whether the line was left out. */
  refused: boolean;
}

/** Faults that are told one by one; the rest is only counted. */
const faultsListed = 200;

/** Faults in the order of the file, the first of them whole and all of them counted. */
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

/** A piece of a file, short enough to be quoted in a sentence. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return `"${plain.length > 80 ? `${plain.slice(0, 80)}…` : plain}"`;
}
