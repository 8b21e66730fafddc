import type { Route } from '../server/route';
import { groupReadRoutes } from './group-read-routes';
import { groupWriteRoutes } from './group-write-routes';
import { licenseRoutes } from './license-routes';
import { numberRoutes } from './number-routes';
import { oauthRoutes } from './oauth-routes';
import { organizationRoutes } from './organization-routes';
import { peopleReadRoutes } from './people-routes';
import { peopleWriteRoutes } from './people-write-routes';
import { scimRoutes } from './scim-routes';

/** The Webex API; if two paths match, the first wins. */
export const allRoutes: Route[] = [
  ...licenseRoutes,
  ...peopleReadRoutes,
  ...peopleWriteRoutes,
  ...groupReadRoutes,
  ...groupWriteRoutes,
  ...organizationRoutes,
  ...numberRoutes,
  ...oauthRoutes,
  ...scimRoutes,
];
