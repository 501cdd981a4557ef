// Who may import whom: docs/ARCHITECTURE.md section 2 as a check. Every rule is an error. The rules name files by their
// suffix (`x.service.ts`) and by their room (`src/platform/http/`), so a new file is covered the day it appears; a new
// platform room must be put on a floor below before anything in it can be imported.
//
// Specs, test/ and bench/ may look everywhere: they are checked for cycles and for imports that do not resolve only.

const DOMAIN = '(?:destiny|agent-analytics|running|tabletop|market)';
const ENTRY = ['^src/(?:main|cli|app\\.(?:module|entities))\\.ts$', '^src/boot/'];
const SPEC = '\\.spec\\.ts$';

// A room imports from lower floors only, so that the platform cannot grow circles of rooms. `auth` stands below all rooms with
// routes, which name their permission; with it `data-rights`, which every room with tables of persons answers. `lifecycle` stands
// with http: its health routes and its shutdown order look at everything on floor 4, and nobody looks at it. `realtime` answers as
// `http` does and asks nobody else. `operations` is the
// platform's highest: the routes by which people look at rooms that must not know of routes. Above it are identity (7), the
// domains (8), and sandbox and entry (9).
const FLOORS = [
  ['config', 'crypto', 'logging', 'dependencies'],
  ['database'],
  ['auth', 'data-rights'],
  ['audit', 'jobs', 'cache', 'storage', 'outbound', 'profiling', 'vault'],
  ['http', 'sync', 'notifications', 'charts', 'ai', 'lifecycle'],
  ['realtime'],
  ['operations'],
];
const ROOMS = FLOORS.flat().join('|');
// Spans are pure context: every floor may open one, so they stand on the first although their room stands on the fourth.
const SPANS = '^src/platform/profiling/spans?[.-][^/]*ts$';
// How the two ends of a range are compared is a rule about input alone: the queries of every floor may name it.
const BOUNDS = '^src/platform/http/not-below\\.ts$';

// A file without a kind suffix inside a domain holds rules: numbers in, numbers out.
const PURE = `^src/(?:identity|${DOMAIN})/[^.]+\\.ts$`;
const TYPES = '\\.types\\.ts$';
// The platform files that rules may use, themselves as pure as they are: how a fault of the input is named, which text is storable,
// how a table is written, when an alert fires, and how pictures look.
const FAULTS =
  '^src/platform/(?:http/(?:csv|input-fault|storable)|notifications/firing|charts/(?:chart-style|shapes))\\.ts$';

/** Matches the package wherever it was resolved to, and its bare name where it was not. */
const npm = (...names) => `(?:^|/)node_modules/(?:${names.join('|')})/|^(?:${names.join('|')})(?:/|$)`;
const kind = (...kinds) => `\\.(?:${kinds.join('|')})\\.ts$`;

// The highest floor has one room and nothing above it, so nothing to forbid.
const floorRules = FLOORS.slice(0, -1).map((rooms, index) => ({
  name: `platform-floor-${index + 1}`,
  comment: `Rooms on floor ${index + 1} (${rooms.join(', ')}) import from lower floors only.`,
  severity: 'error',
  from: { path: `^src/platform/(${rooms.join('|')})/`, pathNot: [SPEC, SPANS] },
  to: {
    path: `^src/platform/(?:${FLOORS.slice(index).flat().join('|')})/`,
    pathNot: ['^src/platform/$1/', SPANS, BOUNDS],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'platform-knows-no-domain',
      comment: 'Rule 1. What the platform needs of a domain, the domain hands over (a token, a registry).',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: SPEC },
      to: { path: `^src/(?!platform/)` },
    },
    ...floorRules,
    {
      name: 'platform-spans-are-pure',
      comment: 'Floor 1: spans import nothing but each other.',
      severity: 'error',
      from: { path: SPANS, pathNot: SPEC },
      to: { path: '^src/', pathNot: SPANS },
    },
    {
      name: 'platform-room-has-a-floor',
      comment: 'Put the new room into FLOORS first.',
      severity: 'error',
      from: { path: '^src/(?!platform/)|^src/platform/', pathNot: SPEC },
      to: { path: '^src/platform/', pathNot: `^src/platform/(?:${ROOMS})/` },
    },
    {
      name: 'domains-are-strangers',
      comment:
        'Rule 1. A domain imports platform, itself and identity.public; what two share belongs to the platform.',
      severity: 'error',
      from: { path: `^src/(${DOMAIN})/`, pathNot: SPEC },
      to: { path: `^src/${DOMAIN}/`, pathNot: '^src/$1/' },
    },
    {
      name: 'identity-has-one-door',
      comment: 'Rule 1. Domains see of identity what identity.public.ts says.',
      severity: 'error',
      from: { path: `^src/${DOMAIN}/`, pathNot: SPEC },
      to: { path: '^src/identity/', pathNot: '^src/identity/identity\\.public\\.ts$' },
    },
    {
      name: 'identity-knows-no-domain',
      comment: 'Floor 7 does not look up to floor 8.',
      severity: 'error',
      from: { path: '^src/identity/', pathNot: SPEC },
      to: { path: `^src/${DOMAIN}/` },
    },
    {
      name: 'nothing-imports-the-entry',
      comment:
        'Floor 9: main, cli, boot/, app.module and app.entities put the house together; nobody in it knows them.',
      severity: 'error',
      from: { path: '^src/', pathNot: [SPEC, ...ENTRY] },
      to: { path: ENTRY },
    },
    {
      name: 'sandbox-is-for-demo-and-tests',
      comment:
        'Rule 5. Domains talk to providers through platform/outbound and cannot tell a stand-in from the real one.',
      severity: 'error',
      from: {
        path: '^(?:src|migrations)/',
        pathNot: [SPEC, '^src/main\\.ts$', '^src/boot/', '^src/sandbox/'],
      },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'Rule 2. A file without suffix imports other such files, types, zod and what cleans HTML: no Nest, no TypeORM, no Node, no clock.',
      severity: 'error',
      from: { path: PURE },
      to: {
        pathNot: [PURE, TYPES, FAULTS, npm('zod'), npm('sanitize-html')],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'controllers-call-services',
      comment: 'Rule 3. Controllers and gateways parse, call one service method, map, return.',
      severity: 'error',
      from: { path: kind('controller', 'gateway') },
      to: {
        path: `^src/.*${kind('repository', 'entity', 'jobs', 'client')}`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-a-controller',
      comment:
        'Rule 3. Only the module that registers it, or its room’s list for that module, knows a controller or gateway.',
      severity: 'error',
      from: { path: '^src/', pathNot: [SPEC, kind('module', 'providers')] },
      to: { path: kind('controller', 'gateway') },
    },
    {
      name: 'services-know-no-transport',
      comment: 'A service can be called by a route, a job and a command alike: no HTTP or WebSocket types.',
      severity: 'error',
      from: { path: kind('service', 'repository', 'entity', 'mapper') },
      to: {
        path: npm(
          'express',
          '@types/express',
          'ws',
          '@types/ws',
          '@nestjs/platform-[^/]+',
          '@nestjs/websockets',
        ),
      },
    },
    {
      name: 'repositories-stand-below-services',
      comment: 'A repository returns rows and never decides.',
      severity: 'error',
      from: { path: kind('repository', 'entity') },
      to: { path: kind('service', 'dto', 'jobs', 'module'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-repositories-know-sql-clients',
      comment: 'Rule 4. Everybody else has Tx and UnitOfWork of platform/database.',
      severity: 'error',
      from: { path: '^src/', pathNot: [SPEC, '^src/platform/database/', kind('repository', 'entity')] },
      to: { path: npm('typeorm', 'pg', '@types/pg', 'pg-copy-streams', '@nestjs/typeorm') },
    },
    {
      name: 'only-jobs-knows-the-queue',
      comment: 'Rule 4. Jobs leave through an outbox row; nobody adds to a queue by hand.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: [SPEC, '^src/platform/jobs/'] },
      to: { path: npm('bullmq', '@nestjs/bullmq', '@bull-board/[^/]+') },
    },
    {
      name: 'only-outbound-calls-out',
      comment:
        'Rule 4. Budgets, retries, breakers and the address guard cannot be gone round. (Global fetch: see eslint.)',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: [SPEC, '^src/platform/outbound/', '^src/sandbox/'] },
      to: { path: npm('undici', 'axios', 'node-fetch', 'got', 'ky', 'superagent', '@nestjs/axios') },
    },
    {
      name: 'no-circles',
      comment:
        'Rule 5. Entities may name each other (TypeORM relations); a circle of types alone does not exist at run time.',
      severity: 'error',
      from: { pathNot: kind('entity') },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrels',
      comment: 'Rule 5. Import from the file that declares the name.',
      severity: 'error',
      from: {},
      to: { path: ['^(?:src|test|bench)/index\\.ts$', '^(?:src|test|bench)/.*/index\\.ts$'] },
    },
    {
      name: 'product-does-not-need-tests',
      comment: 'The image has neither test/ nor bench/.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: SPEC },
      to: { path: ['^(?:test|bench)/', SPEC] },
    },
    {
      name: 'product-has-its-dependencies',
      comment: 'The image is installed without devDependencies; an undeclared package is there by luck.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'scripts-run-before-install',
      comment:
        'scripts/ prepares a bare clone: Node itself and other scripts only. Build, benchmarks and demonstration run after the install.',
      severity: 'error',
      from: { path: '^scripts/', pathNot: '^scripts/(?:build|bench|demo-race)\\.mjs$' },
      to: { pathNot: '^scripts/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|\\.build|\\.data|coverage)/' },
    tsConfig: { fileName: 'tsconfig.check.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
