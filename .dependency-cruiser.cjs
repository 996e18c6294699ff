/**
 * The import laws. `npm run check:imports` enforces them; docs/architecture.md explains them.
 *
 * ROOMS lists every folder of `src` from the ground up. A room may import only from rooms listed before it,
 * so the module graph cannot have a cycle.
 */
const ROOMS = [
  'config',
  'platform',
  'sandbox',
  'auth',
  'idempotency',
  'providers',
  'catalog',
  'billing',
  'analytics',
  'inference',
  'chat',
  'health',
  'monitoring',
];
const FEATURES = ROOMS.slice(3).join('|');

const downwardOnly = ROOMS.slice(0, -1).map((room, level) => ({
  name: `${room}-imports-only-downward`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${ROOMS.slice(level + 1).join('|')})/` },
}));

const layer = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: `^src/(${FEATURES})/${from}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: `^src/(${FEATURES})/(${to})/` },
});

module.exports = {
  forbidden: [
    ...downwardOnly,
    {
      name: 'every-room-is-listed',
      comment: 'A folder of src that ROOMS does not know would escape these laws.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${ROOMS.join('|')})/` },
      to: {},
    },
    layer('routes-skip-no-layer', 'routes', 'persistence'),
    layer('services-know-no-routes', 'services', 'routes|guards'),
    layer('persistence-knows-no-layer-above', 'persistence', 'routes|services|guards'),
    {
      name: 'enter-by-the-door',
      comment: 'Another feature is entered through its services, its guards, its module or the files at its top.',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/` },
      to: { path: `^src/(${FEATURES})/(routes|persistence|upstreams|dialects)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'services-know-no-http',
      severity: 'error',
      from: { path: '^src/[^/]+/services/' },
      to: { path: 'node_modules/(@types/)?(express|@nestjs/(swagger|platform-express))/' },
    },
    {
      name: 'drivers-stay-in-the-basement',
      comment: 'Only platform and persistence talk to the database, Redis and prom-client.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platform/|[^/]+/persistence/)' },
      to: { path: 'node_modules/(@supabase|postgres|ioredis|prom-client)/' },
    },
    {
      name: 'one-upstream-client',
      comment: 'Calls to providers go through src/providers, so that deadlines and cancellation hold for all of them.',
      severity: 'error',
      // What supabase-js fetches with has undici's pool, too, and goes to the database alone.
      from: { path: '^src/', pathNot: '^src/(providers/|platform/database/database-fetch\\.ts$)' },
      to: { path: 'node_modules/undici/' },
    },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};
