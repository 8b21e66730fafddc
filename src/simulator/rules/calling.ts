import type { CatalogLicense } from '../organization/catalog';
import type { Location, Organization } from '../organization/organization';
import type { PersonFields } from '../organization/population';
import { badRequest, licenseError } from '../server/api-error';
import type { Settings } from '../settings';
import type { CallingProperties } from './read-assignment';

const ownProperties =
  'Each Webex Calling license should contain its own calling properties. The following license(s) do not have properties:';

/** Whether this license gives a user a phone. */
export function isCalling(license: CatalogLicense, offers: Settings['offers']): boolean {
  return offers.professional.includes(license.offer) || offers.standard.includes(license.offer);
}

/** The location a new Calling user goes to; throws 400411 or 400 where the properties don't say. */
export function placeCaller(
  organization: Organization,
  license: CatalogLicense,
  properties: CallingProperties | null,
): Location {
  const { phoneNumber, extension, locationId } = properties ?? {};
  // A number or an extension, and the place where only an extension can't tell it.
  if (phoneNumber === undefined && (extension === undefined || locationId === undefined)) {
    const text = `${ownProperties} ${license.id}`;
    throw licenseError(400411, 'License properties missing', text);
  }
  if (phoneNumber !== undefined && !/^\+[1-9]\d{6,14}$/.test(phoneNumber)) {
    throw badRequest('phoneNumber is not in E.164 format.');
  }
  const location =
    locationId === undefined ? organization.locations[0] : organization.location(locationId);
  if (!location) {
    throw licenseError(400, 'Unable to find location', 'Unable to find location.');
  }
  return location;
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
