/**
 * Every operation that answers a stranger. A route that is not here and lets strangers in fails strangers.spec.ts; adding
 * one here is a decision that a reviewer sees.
 */
export const PUBLIC_ROUTES: readonly string[] = [
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /health/db',
];

/** What compat mounts refuse in the original's way, whoever asks: other methods (405), and preflights where CORS is off. */
export const REFUSALS: readonly string[] = [
  'ALL /compat/dofus/api/data',
  'ALL /compat/dofus/api/ingest',
  'OPTIONS /compat/dofus/api/data',
  'OPTIONS /compat/dofus/api/ingest',
];

/** Routes that describe the API and are therefore not in it: Swagger UI's own. Open to strangers too. */
export const DOCUMENTATION_ROUTES: readonly string[] = [
  'GET /docs',
  'GET /docs/',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
  'GET /openapi.json',
];
