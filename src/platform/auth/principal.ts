import { SYSTEM_SCOPE } from '../database/system-scope.js';

/**
 * Who is calling. Until accounts exist these are built in: service tokens from the configuration and the anonymous account
 * of a compat mount. The id is what row-level security compares with.
 */
export interface Principal {
  readonly id: string;
  readonly kind: 'service' | 'anonymous' | 'system';
  /** For logs: the name of the token, never the token. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** Every permission there is; a route names one of them. */
export const PERMISSIONS = ['market:read', 'market:ingest', 'jobs:own', 'admin:read', 'admin:write'] as const;
export type Permission = (typeof PERMISSIONS)[number];

function builtIn(
  id: string,
  kind: Principal['kind'],
  name: string,
  permissions: readonly Permission[],
): Principal {
  return Object.freeze({ id, kind, name, permissions: new Set(permissions) });
}

export const INGEST_PRINCIPAL = builtIn('00000000-0000-7000-8000-000000000001', 'service', 'ingest-token', [
  'market:read',
  'market:ingest',
  'jobs:own',
]);
export const READ_PRINCIPAL = builtIn('00000000-0000-7000-8000-000000000002', 'service', 'read-token', [
  'market:read',
  'jobs:own',
]);
/** The platform itself: seeds, simulation, housekeeping. */
export const SYSTEM_PRINCIPAL = builtIn(SYSTEM_SCOPE.id, 'system', 'system', [...PERMISSIONS]);

/** Whoever looks after the installation: reads how it runs, and nobody's prices. */
export const ADMIN_PRINCIPAL = builtIn('00000000-0000-7000-8000-000000000004', 'service', 'admin-token', [
  'jobs:own',
  'admin:read',
  'admin:write',
]);

/** The built-in account behind a compat mount that is open to callers without a token. */
export const COMPAT_DOFUS_READER = builtIn(
  '00000000-0000-7000-8000-000000000010',
  'anonymous',
  'compat-dofus',
  ['market:read'],
);
