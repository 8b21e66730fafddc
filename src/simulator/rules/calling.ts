import type { CatalogLicense } from '../organization/catalog';
import type { PhoneNumber } from '../organization/numbers';
import type { Location, Organization } from '../organization/organization';
import type { PersonFields } from '../organization/population';
import { badRequest, licenseError } from '../server/api-error';
import type { Settings } from '../state/settings';
import type { CallingProperties } from './read-assignment';

const ownProperties =
  'Each Webex Calling license should contain its own calling properties. The following license(s) do not have properties:';

/** Whether a user with this license has a phone. */
export function givesPhone(license: CatalogLicense, offers: Settings['offers']): boolean {
  return offers.professional.includes(license.offer) || offers.standard.includes(license.offer);
}

/**
 * The location of a new Calling user. Throws 400411 or 400 if the properties don't determine one, or
 * name a number that isn't available. An organization without numbers accepts any number.
 */
export function placeCaller(
  organization: Organization,
  input: { license: CatalogLicense; properties: CallingProperties | null; personId: string },
): Location {
  const { license, personId } = input;
  const properties = input.properties ?? {};
  checkProperties(properties, license);
  const { phoneNumber, locationId } = properties;
  const entry = phoneNumber === undefined ? undefined : organization.numbers.find(phoneNumber);
  const place = locationId ?? entry?.locationUuid ?? organization.locations[0]?.uuid;
  const location = place === undefined ? undefined : organization.location(place);
  if (!location) {
    throw licenseError(400, 'Unable to find location', 'Unable to find location.');
  }
  if (phoneNumber === undefined || !organization.numbers.hasAny()) return location;
  checkAvailable(entry, { phoneNumber, location, personId });
  return location;
}

function checkAvailable(
  entry: PhoneNumber | undefined,
  asked: { phoneNumber: string; location: Location; personId: string },
): void {
  const { phoneNumber, location, personId } = asked;
  if (entry?.locationUuid !== location.uuid) {
    throw badRequest(`Phone number ${phoneNumber} is not available at the location.`);
  }
  if (entry.ownerId !== null && entry.ownerId !== personId) {
    throw badRequest(`Phone number ${phoneNumber} is already assigned.`);
  }
}

/** Required: a number, or an extension with its location, which an extension doesn't determine. */
function checkProperties(properties: Partial<CallingProperties>, license: CatalogLicense): void {
  const { phoneNumber, extension, locationId } = properties;
  if (phoneNumber === undefined && (extension === undefined || locationId === undefined)) {
    const text = `${ownProperties} ${license.id}`;
    throw licenseError(400411, 'License properties missing', text);
  }
  if (phoneNumber !== undefined && !/^\+[1-9]\d{6,14}$/.test(phoneNumber)) {
    throw badRequest('phoneNumber is not in E.164 format.');
  }
}

/** A person's work number, if it is in the inventory and belongs to them. */
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

/** The fields of a person who gets a phone. */
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

/** The fields of a person who loses the last Calling license: number and extension are removed. */
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
