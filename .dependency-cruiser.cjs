/**
 * The import rule of ARCHITECTURE.md: which layer may import which, in which order the rooms of a
 * layer import each other, and no circle anywhere. `npm run lint` checks it, type imports included.
 */

/** What each layer may import, itself aside. A file at the top of `src` is named without its ending. */
const layers = {
  config: ['error-for-people', 'roles'],
  domain: [],
  contract: ['domain'],
  db: ['domain', 'error-for-people'],
  webex: ['domain'],
  workflows: ['contract', 'domain'],
  activities: ['contract', 'db', 'domain', 'webex', 'logger', 'database-error'],
  api: ['contract', 'db', 'domain', 'logger', 'roles', 'database-error', 'repeated-lines'],
  process: [
    'api',
    'db',
    'config',
    'logger',
    'error-for-people',
    'database-error',
    'repeated-lines',
  ],
  worker: [
    'activities',
    'workflows',
    'contract',
    'db',
    'domain',
    'webex',
    'process',
    'config',
    'logger',
    'error-for-people',
    'database-error',
    'repeated-lines',
  ],
  simulator: ['logger', 'error-for-people'],
  embedded: ['error-for-people'],
  demo: ['domain', 'error-for-people'],
};

/** The rooms of each layer from left to right: a room imports itself and what stands left of it. */
const rooms = {
  domain: [
    'model',
    ['licenses', 'request'],
    ['csv', 'templates', 'watch'],
    'decide',
    ['policies', 'units'],
    'features',
    'kinds',
    'plan',
    ['render', 'rollout', 'write'],
  ],
  db: [
    'schema',
    'provenance',
    ['admin', 'csv', 'directory', 'users', 'write'],
    'templates',
    ['rollout', 'watch'],
    'plan',
  ],
  activities: ['activity', ['directory', 'plan'], 'write', 'rollout', 'watch'],
  workflows: ['job'],
  api: [
    ['jobs', 'events'],
    'http',
    ['csv', 'directory', 'document', 'health', 'settings', 'watch'],
    'rollout',
    ['plan', 'users'],
    'templates',
  ],
  webex: ['port', 'wire', 'http', ['credential', 'groups', 'licenses'], 'people'],
  simulator: ['organization', 'state', 'server', 'rules', 'routes', 'controls'],
};

function layerRule([layer, allowed]) {
  const reach = [`src/${layer}/`, ...allowed.map((name) => `src/${name}(/|\\.ts$)`)];
  return {
    name: `layer-${layer}`,
    severity: 'error',
    from: { path: `^src/${layer}/` },
    to: { path: '^src/', pathNot: `^(${reach.join('|')})` },
  };
}

/** Files at the top of a layer are free to import its rooms; the rule against circles holds for them. */
function roomRules([layer, order]) {
  return order.flatMap((step, i) => {
    const left = order.slice(0, i).flat();
    return [step].flat().map((room) => ({
      name: `room-${layer}-${room}`,
      severity: 'error',
      from: { path: `^src/${layer}/${room}/` },
      to: {
        path: `^src/${layer}/.+/`,
        pathNot: `^src/${layer}/(${[room, ...left].join('|')})/`,
      },
    }));
  });
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(layers).map(layerRule),
    ...Object.entries(rooms).flatMap(roomRules),
    {
      name: 'endpoints-last',
      comment: 'An endpoint uses its room; only the list of endpoints uses an endpoint.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/api/([^/]+/endpoints/|endpoints\\.ts$)' },
      to: { path: '^src/api/[^/]+/endpoints/' },
    },
    {
      name: 'src-imports-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist)/' },
  },
};
