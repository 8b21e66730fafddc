/** One cell of a CSV that says something: TRUE or FALSE for one offer or attendee account (R71). */
export interface CsvCell {
  kind: 'license' | 'attendee';
  offer: string;
  site: string | null;
  granted: boolean;
}

/** What one row asks for; columns that are absent, and empty cells, are untouched (R73). */
export interface CsvWish {
  line: number;
  cells: CsvCell[];
  /** Digest of what the user held when the file was exported, and at the import still; absent: no stamp. */
  stamp?: string;
  /** The user's licenses have changed since (R77). */
  isStale?: true;
}
