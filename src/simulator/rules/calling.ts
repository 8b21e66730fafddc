import type { CatalogLicense } from '../organization/catalog';
import type { Location, Organization } from '../organization/organization';
import type { PersonFields } from '../organization/population';
import { badRequest, licenseError } from '../server/api-error';
import type { Settings } from '../settings';
import type { CallingProperties } from './read-assignment';

/** Whether this license gives a user a phone. */
export function isCalling(license: CatalogLicense, offers: Settings['offers']): boolean {
  return offers.professional.includes(license.offer) || offers.standard.includes(license.offer);
}

/** The location a new Calling user goes to; throws 400411 or 400 where the properties don't say. */
export function placeCaller(
  organization: Organization,
  properties: CallingProperties | null,
): Location {
  const { phoneNumber, extension, locationId } = properties ?? {};
  if (phoneNumber === undefined && extension === undefined) {
    const text = 'Webex Calling licenses need a phoneNumber or an extension.';
    throw licenseError(400411, 'License properties missing', text);
  }
  if (phoneNumber === undefined && locationId === undefined) {
    const text = 'Webex Calling licenses need a locationId when there is no phoneNumber.';
    throw licenseError(400411, 'License properties missing', text);
  }
  if (phoneNumber !== undefined && !/^\+[1-9]\d{6,14}$/.test(phoneNumber)) {
    throw badRequest('phoneNumber is not in E.164 format.');
  }
  const location =
    locationId === undefined ? organization.locations[0] : organization.location(locationId);
  if (!location) {
    throw licenseError(400, 'Unable to find location', 'Unable to find location');
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
