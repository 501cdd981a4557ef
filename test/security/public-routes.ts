/**
 * Every operation that answers a stranger. A route that is not here and lets strangers in fails strangers.spec.ts; adding
 * one here is a decision that a reviewer sees.
 */
export const PUBLIC_ROUTES: readonly string[] = [
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /health/db',
  'GET /health/ai',
  'GET /health/redis',
  'GET /health/search',
  'GET /.well-known/jwks.json',
  'GET /compat/cupid/health',
  'GET /api/v1/files/{id}/content',
  'GET /api/v1/market/icons/{id}',
  'GET /compat/wisp/health',
  'GET /api/v1/destiny/public/shares/{slug}',
  'GET /api/v1/destiny/public/shares/{slug}/card.svg',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/email/verify',
  'POST /api/v1/auth/sign-in',
  'POST /api/v1/auth/sign-in/second-factor',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/password-reset',
  'POST /api/v1/auth/password-reset/confirm',
  'POST /api/v1/auth/external/{provider}/start',
  'GET /api/v1/auth/external/{provider}/callback',
  'POST /api/v1/auth/external/exchange',
  'GET /api/v1/connections/{provider}/callback',
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
  'GET /asyncapi.yaml',
];

/** Compat routes that are no calls of their own: preflights, and 405 for what the originals refuse before looking at a token. */
export const PUBLIC_COMPAT_REFUSALS: readonly string[] = [
  'ALL /compat/dofus/api/ingest',
  'OPTIONS /compat/dofus/api/cron/almanax',
  'OPTIONS /compat/dofus/api/data',
  'OPTIONS /compat/dofus/api/ingest',
  'OPTIONS /compat/dofus/api/market_v2',
  'OPTIONS /compat/dofus/api/user',
];

/** The same behind the token. */
export const CLOSED_COMPAT_REFUSALS: readonly string[] = [
  'ALL /compat/cupid/api/agents',
  'ALL /compat/cupid/api/agents/{agent_name}',
  'ALL /compat/cupid/api/agents/{agent_name}/charts',
  'ALL /compat/cupid/api/metrics/dashboard',
  'ALL /compat/cupid/api/sessions',
  'ALL /compat/cupid/api/sessions/stats',
  'ALL /compat/cupid/api/sessions/{session_id}/conversation',
  'ALL /compat/cupid/api/sync/status',
  'ALL /compat/cupid/api/sync/trigger',
  'ALL /compat/dofus/api/cron/almanax',
  'ALL /compat/dofus/api/data',
  'ALL /compat/dofus/api/market_v2',
  'ALL /compat/dofus/api/user',
];
