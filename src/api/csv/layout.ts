import type { Queryable } from '../../db/connect';
import { listLicenses } from '../../db/directory/find-directory';
import { readSettings } from '../../db/admin/settings';
import { csvColumns, type CsvColumn } from '../../domain/csv/columns';
import { licenseKinds, type LicenseKind } from '../../domain/csv/user-line';
import { notObserved } from '../http/not-observed';

export interface CsvLayout {
  columns: CsvColumn[];
  kindOf: LicenseKind;
}

/** The present layout of the CSV files of an organization (R71). 409 if its licenses were never read. */
export async function csvLayout(db: Queryable, orgId: string): Promise<CsvLayout> {
  const licenses = await listLicenses(db, orgId);
  if (licenses.length === 0) throw notObserved(orgId);
  const { attendeeSites } = (await readSettings(db, orgId)).settings;
  return { columns: csvColumns({ licenses, attendeeSites }), kindOf: licenseKinds(licenses) };
}
