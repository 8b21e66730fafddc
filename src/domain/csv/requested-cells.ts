/** One cell of a CSV that isn't empty: TRUE or FALSE for one offer or attendee account (R71). */
export interface CsvCell {
  kind: 'license' | 'attendee';
  offer: string;
  site: string | null;
  granted: boolean;
}

/** What one row asks for; missing columns and empty cells change nothing (R73). */
export interface CsvWish {
  line: number;
  cells: CsvCell[];
  /** Digest of what the user held at the export and still held at the import; absent: no stamp. */
  stamp?: string;
  /** The user's licenses have changed since (R77). */
  isStale?: true;
}
