import type { Queryable } from '../../db/connect';
import { listLicenses } from '../../db/directory/find-directory';
import { readSettings } from '../../db/admin/settings';
import { csvColumns, type CsvColumn } from '../../domain/csv/columns';
import { licenseKinds, type LicenseKind } from '../../domain/csv/user-line';
import { organizationAddress } from '../http/addresses';
import { Problem } from '../http/problem';

export interface CsvLayout {
  columns: CsvColumn[];
  kindOf: LicenseKind;
}

/** What the files of an organization look like now (R71); 409 where its licenses were never read. */
export async function csvLayout(db: Queryable, orgId: string): Promise<CsvLayout> {
  const licenses = await listLicenses(db, orgId);
  if (licenses.length === 0) {
    const observe = `${organizationAddress(orgId)}/observe`;
    throw new Problem(
      'not-observed',
      `The licenses of this organization were never read: POST ${observe} and try again when it is done.`,
      { members: { observe } },
    );
  }
  const { attendeeSites } = (await readSettings(db, orgId)).settings;
  return { columns: csvColumns({ licenses, attendeeSites }), kindOf: licenseKinds(licenses) };
}
