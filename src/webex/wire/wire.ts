/**
 * Webex's JSON, as far as we read it. Objects are loose: unknown fields are ignored, optional ones may be
 * missing, and a wrong type is an error.
 */
import { z } from 'zod';

/** Webex omits a property or, sometimes, sends null. */
const optional = <T extends z.ZodType>(type: T) => type.nullish();

/** What has no id can't be told apart from the next. */
const id = z.string().min(1);

/** The largest figure that can be stored; nothing that is counted here comes near. */
const largestCount = 2 ** 31 - 1;

/** A figure, also as text, as services write it now and then; null for anything else. */
function toCount(value: unknown): number | null {
  const count = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return null;
  return Math.min(count, largestCount);
}

/** How many entries a list promises. What is no figure promises nothing: the list is read to its end. */
const promised = z.unknown().transform(toCount).optional();

/** Units, also as text. Anything else is an error: it must not look like a license without limits. */
const units = z
  .union([z.number(), z.string().regex(/^\s*\d+\s*$/)])
  .transform((value) => toCount(value) ?? Number(value));

export const wireLicense = z.looseObject({
  id,
  name: optional(z.string()),
  totalUnits: optional(units),
  consumedUnits: optional(units),
  consumedByUsers: optional(units),
  consumedByWorkspaces: optional(units),
  subscriptionId: optional(z.string()),
  siteUrl: optional(z.string()),
  siteType: optional(z.string()),
});
export type WireLicense = z.infer<typeof wireLicense>;
export const wireLicenses = z.looseObject({ items: z.array(wireLicense) });

export const wireLicenseUser = z.looseObject({
  id,
  type: optional(z.string()),
  displayName: optional(z.string()),
  email: optional(z.string()),
});
export const wireLicenseUsers = z.looseObject({
  id,
  consumedByUsers: promised,
  users: optional(z.array(wireLicenseUser)),
});
export type WireLicenseUsers = z.infer<typeof wireLicenseUsers>;

export const wirePerson = z.looseObject({
  id,
  emails: optional(z.array(z.string())),
  displayName: optional(z.string()),
  firstName: optional(z.string()),
  lastName: optional(z.string()),
  orgId: optional(z.string()),
  licenses: optional(z.array(z.string())),
  /** `site`, or `site#attendee`. */
  siteUrls: optional(z.array(z.string())),
  created: optional(z.string()),
  lastModified: optional(z.string()),
  status: optional(z.string()),
  /** Booleans as recorded, `"true"` and `"false"` as documented. */
  invitePending: optional(z.union([z.boolean(), z.string()])),
  loginEnabled: optional(z.union([z.boolean(), z.string()])),
  /** `person`, `bot` or `appuser`. */
  type: optional(z.string()),
  /** `work`, `work_extension`, `mobile` …; shown with `callingData=true`. */
  phoneNumbers: optional(
    z.array(
      z.looseObject({
        type: optional(z.string()),
        value: optional(z.string()),
        primary: optional(z.boolean()),
      }),
    ),
  ),
  /** Without the routing prefix that `work_extension` has. */
  extension: optional(z.union([z.string(), z.number()])),
  locationId: optional(z.string()),
});
export type WirePerson = z.infer<typeof wirePerson>;
export const wirePeople = z.looseObject({
  items: z.array(wirePerson),
  notFoundIds: optional(z.array(z.string())),
});
export type WirePeople = z.infer<typeof wirePeople>;

export const wireGroupMember = z.looseObject({
  id,
  type: optional(z.string()),
  displayName: optional(z.string()),
});
export type WireGroupMember = z.infer<typeof wireGroupMember>;
export const wireGroup = z.looseObject({
  id,
  displayName: optional(z.string()),
  orgId: optional(z.string()),
  memberSize: promised,
  members: optional(z.array(wireGroupMember)),
  totalResults: promised,
  itemsPerPage: optional(z.number()),
});
export type WireGroup = z.infer<typeof wireGroup>;
export const wireGroups = z.looseObject({
  totalResults: promised,
  startIndex: optional(z.number()),
  itemsPerPage: optional(z.number()),
  groups: z.array(wireGroup),
});
export type WireGroups = z.infer<typeof wireGroups>;

/** A user of SCIM 2: only what shows a change. */
export const wireScimUser = z.looseObject({
  /** A raw UUID. */
  id,
  active: optional(z.boolean()),
  meta: z.looseObject({ lastModified: z.string() }),
});
export type WireScimUser = z.infer<typeof wireScimUser>;
export const wireScimUsers = z.looseObject({
  totalResults: promised,
  itemsPerPage: optional(z.number()),
  Resources: optional(z.array(wireScimUser)),
});
export type WireScimUsers = z.infer<typeof wireScimUsers>;

export const wireScimGroup = z.looseObject({
  /** A raw UUID. */
  id,
  'urn:scim:schemas:extension:cisco:webexidentity:2.0:Group': optional(
    z.looseObject({ usage: optional(z.string()), provisionSource: optional(z.string()) }),
  ),
});
export type WireScimGroup = z.infer<typeof wireScimGroup>;
export const wireScimGroups = z.looseObject({
  totalResults: promised,
  Resources: optional(z.array(wireScimGroup)),
});
export type WireScimGroups = z.infer<typeof wireScimGroups>;

export const wireLocation = z.looseObject({ id, name: optional(z.string()) });
export const wireLocations = z.looseObject({ items: z.array(wireLocation) });

/** `GET /telephony/config/numbers`: entries without `phoneNumber` are extensions. */
export const wireNumber = z.looseObject({
  phoneNumber: optional(z.string()),
  state: optional(z.string()),
  location: optional(z.looseObject({ id: optional(z.string()) })),
  owner: optional(z.looseObject({ id: optional(z.string()) })),
});
export type WireNumber = z.infer<typeof wireNumber>;
export const wireNumbers = z.looseObject({ phoneNumbers: z.array(wireNumber) });
export type WireNumbers = z.infer<typeof wireNumbers>;

export const wireOrganization = z.looseObject({
  id,
  displayName: optional(z.string()),
});
export const wireOrganizations = z.looseObject({ items: z.array(wireOrganization) });

/** Body of `PATCH /licenses/users`. Only Calling licenses have `properties`. */
export const wireWrite = z.looseObject({
  email: optional(z.string()),
  personId: optional(z.string()),
  orgId: optional(z.string()),
  licenses: optional(
    z.array(
      z.looseObject({
        id: z.string(),
        operation: optional(z.enum(['add', 'remove'])),
        properties: optional(
          z.looseObject({
            locationId: optional(z.string()),
            phoneNumber: optional(z.string()),
            extension: optional(z.string()),
          }),
        ),
      }),
    ),
  ),
  siteUrls: optional(
    z.array(
      z.looseObject({
        siteUrl: z.string(),
        accountType: z.string(),
        operation: optional(z.enum(['add', 'remove'])),
      }),
    ),
  ),
});
export type WireWrite = z.infer<typeof wireWrite>;

const wireSite = z.looseObject({ siteUrl: z.string(), accountType: z.string() });

/** One entry of an error body; services differ, so everything may be missing. */
export const wireErrorDetail = z.looseObject({
  errorCode: optional(z.union([z.number(), z.string()])),
  description: optional(z.string()),
});

/** Answer of `PATCH /licenses/users`, 200 and 206: everything the user holds now. */
export const wireWriteAnswer = z.looseObject({
  personId: optional(z.string()),
  orgId: optional(z.string()),
  email: optional(z.string()),
  licenses: z.array(z.string()),
  siteUrls: optional(z.array(wireSite)),
  pendingLicenses: optional(z.array(z.string())),
  pendingSiteUrls: optional(z.array(wireSite)),
  /** Documented by Cisco for 206, but never observed: another shape must not hide the answer. */
  errors: optional(z.array(wireErrorDetail)).catch(null),
});
export type WireWriteAnswer = z.infer<typeof wireWriteAnswer>;

export const wireErrorBody = z.looseObject({
  message: optional(z.string()),
  errorMessage: optional(z.string()),
  errorCode: optional(z.union([z.number(), z.string()])),
  errors: optional(z.array(wireErrorDetail)),
  trackingId: optional(z.string()),
});
export type WireErrorBody = z.infer<typeof wireErrorBody>;

export const wireToken = z.looseObject({
  access_token: z.string(),
  expires_in: z.number(),
  refresh_token: optional(z.string()),
  refresh_token_expires_in: optional(z.number()),
  token_type: optional(z.string()),
  scope: optional(z.string()),
});
export type WireToken = z.infer<typeof wireToken>;
