import type { CatalogLicense } from '../organization/catalog';
import type { PhoneNumber } from '../organization/numbers';
import type { Location, Organization } from '../organization/organization';
import type { PersonFields } from '../organization/population';
import { badRequest, licenseError } from '../server/api-error';
import type { Settings } from '../state/settings';
import type { CallingProperties } from './read-assignment';

const ownProperties =
  'Each Webex Calling license should contain its own calling properties. The following license(s) do not have properties:';

/** Whether this license gives a user a phone. */
export function isCalling(license: CatalogLicense, offers: Settings['offers']): boolean {
  return offers.professional.includes(license.offer) || offers.standard.includes(license.offer);
}

/**
 * The location a new Calling user goes to; throws 400411 or 400 where the properties don't say, or
 * name a number that isn't to be had. Where the organization has no numbers, any is taken.
 */
export function placeCaller(
  organization: Organization,
  input: { license: CatalogLicense; properties: CallingProperties | null; personId: string },
): Location {
  const { license, personId } = input;
  const { phoneNumber, extension, locationId } = input.properties ?? {};
  // A number or an extension, and the place where only an extension can't tell it.
  if (phoneNumber === undefined && (extension === undefined || locationId === undefined)) {
    const text = `${ownProperties} ${license.id}`;
    throw licenseError(400411, 'License properties missing', text);
  }
  if (phoneNumber !== undefined && !/^\+[1-9]\d{6,14}$/.test(phoneNumber)) {
    throw badRequest('phoneNumber is not in E.164 format.');
  }
  const entry = phoneNumber === undefined ? undefined : organization.numbers.find(phoneNumber);
  const place = locationId ?? entry?.locationUuid ?? organization.locations[0]?.uuid;
  const location = place === undefined ? undefined : organization.location(place);
  if (!location) {
    throw licenseError(400, 'Unable to find location', 'Unable to find location.');
  }
  if (phoneNumber === undefined || !organization.numbers.hasAny()) return location;
  if (entry?.locationUuid !== location.uuid) {
    throw badRequest(`Phone number ${phoneNumber} is not available at the location.`);
  }
  if (entry.ownerId !== null && entry.ownerId !== personId) {
    throw badRequest(`Phone number ${phoneNumber} is already assigned.`);
  }
  return location;
}

/** The work number that somebody has, as far as the inventory knows it. */
export function ownNumberOf(
  organization: Organization,
  fields: PersonFields,
  personId: string,
): PhoneNumber | undefined {
  const numbers = Array.isArray(fields.phoneNumbers)
    ? (fields.phoneNumbers as { type: string; value: string }[])
    : [];
  const work = numbers.find(({ type }) => type === 'work');
  const entry = work ? organization.numbers.find(work.value) : undefined;
  return entry?.ownerId === personId ? entry : undefined;
}

/** The person's fields once they have a phone. */
export function withPhone(
  fields: PersonFields,
  location: Location,
  properties: CallingProperties | null,
): PersonFields {
  const { phoneNumber, extension } = properties ?? {};
  return {
    ...fields,
    locationId: location.body.id,
    ...(extension === undefined ? {} : { extension }),
    phoneNumbers: [
      ...otherNumbers(fields),
      ...(phoneNumber === undefined ? [] : [{ type: 'work', value: phoneNumber, primary: true }]),
      ...(extension === undefined
        ? []
        : [{ type: 'work_extension', value: `8${extension}`, primary: phoneNumber === undefined }]),
    ],
  };
}

/** The person's fields once the last Calling license is gone: number and extension are lost. */
export function withoutPhone(fields: PersonFields): PersonFields {
  const kept = Object.entries(fields).filter(
    ([key]) => key !== 'locationId' && key !== 'extension',
  );
  return { ...Object.fromEntries(kept), phoneNumbers: otherNumbers(fields) };
}

function otherNumbers(fields: PersonFields): { type: string }[] {
  const numbers = Array.isArray(fields.phoneNumbers)
    ? (fields.phoneNumbers as { type: string }[])
    : [];
  return numbers.filter((one) => one.type !== 'work' && one.type !== 'work_extension');
}
