import type { Route } from '../server/route';
import { groupReadRoutes } from './group-read-routes';
import { licenseRoutes } from './license-routes';
import { organizationRoutes } from './organization-routes';
import { peopleReadRoutes } from './people-routes';

/** The API as Webex has it; where two paths fit, the first wins. */
export const allRoutes: Route[] = [
  ...licenseRoutes,
  ...peopleReadRoutes,
  ...groupReadRoutes,
  ...organizationRoutes,
];
