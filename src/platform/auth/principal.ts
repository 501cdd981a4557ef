import { SYSTEM_SCOPE } from '../database/system-scope.js';

/**
 * Who is calling: an account, or one of the built-in ones (service tokens of the configuration, the anonymous account of a
 * compat mount, the platform itself). The id is what row-level security compares with.
 */
export interface Principal {
  readonly id: string;
  readonly kind: 'service' | 'anonymous' | 'system' | 'account';
  /** For logs: the name of the token or the prefix of the key, never the token. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** The device session that the token belongs to. */
  readonly sessionId?: string;
  /** The API key that was sent. */
  readonly keyId?: string;
  /** Who the caller is elsewhere, where the token is one of a trusted issuer. */
  readonly identityId?: string;
  /** When the caller last proved password or second factor; what needs that asks {@link assertProved}. */
  readonly provedAtMs?: number;
  /** Counts what ends all tokens of an account: another role, a new password by reset, a lock. */
  readonly tokenVersion?: number;
  /** When the token ends. */
  readonly expiresAtMs?: number;
}

/** Every permission there is; a route names one of them. */
export const PERMISSIONS = [
  'market:read',
  'market:ingest',
  /** Adding what a catalogue lacks: pictures of items. */
  'market:contribute',
  /** Corrections and deletions of what others have sent. */
  'market:curate',
  /** One's own profiles, lists, stock, alerts and messages. */
  'market:own',
  'agents:read',
  /** Having what Langfuse holds read anew. */
  'agents:sync',
  /** Taking what players wrote out of the copy, for good. */
  'agents:erase',
  /** One's own alerts of agents and plays. */
  'agents:own',
  /** What is the same for everybody: definitions, catalysts as facts. */
  'destiny:read',
  /** One's own guardian: catalysts, weapons, wish lists, conversations, shares. */
  'destiny:own',
  /** What runners share with everybody: public profiles, runs and ghosts. */
  'running:read',
  /** One's own runs, ghosts and races. */
  'running:own',
  /** What is the same for every group: the shipped reference. */
  'tabletop:read',
  /** Campaigns that one sits in, and making them. */
  'tabletop:own',
  'jobs:own',
  /** One's own account, sessions, keys, connections, files and exports. */
  'account:own',
  'admin:read',
  'admin:write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['member', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** What an account may do by its role; domains add to it what they grant. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = Object.freeze({
  member: new Set<Permission>([
    'market:read',
    'market:ingest',
    'market:contribute',
    'market:own',
    'agents:read',
    'agents:sync',
    'agents:own',
    'destiny:read',
    'destiny:own',
    'running:read',
    'running:own',
    'tabletop:read',
    'tabletop:own',
    'jobs:own',
    'account:own',
  ]),
  administrator: new Set<Permission>(PERMISSIONS),
});

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
  'market:contribute',
  'market:curate',
  'market:own',
  'agents:read',
  'agents:sync',
  'agents:erase',
  'jobs:own',
]);
export const READ_PRINCIPAL = builtIn('00000000-0000-7000-8000-000000000002', 'service', 'read-token', [
  'market:read',
  'agents:read',
  'destiny:read',
  'tabletop:read',
  'jobs:own',
]);
/** The platform itself: seeds, simulation, housekeeping. */
export const SYSTEM_PRINCIPAL = builtIn(SYSTEM_SCOPE.id, 'system', 'system', [...PERMISSIONS]);

/** Whoever looks after the installation, without an account: everything that administrators do, and nobody's prices. */
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
/** The same where callers without a token may also contribute, as they may with the original. */
export const COMPAT_DOFUS_WRITER = builtIn(COMPAT_DOFUS_READER.id, 'anonymous', 'compat-dofus', [
  'market:read',
  'market:contribute',
  'market:own',
]);

/** Likewise of the dashboard's mount. */
export const COMPAT_CUPID_READER = builtIn(
  '00000000-0000-7000-8000-000000000011',
  'anonymous',
  'compat-cupid',
  ['agents:read'],
);
/** The dashboard's button works for whoever sees it. */
export const COMPAT_CUPID_WRITER = builtIn(COMPAT_CUPID_READER.id, 'anonymous', 'compat-cupid', [
  'agents:read',
  'agents:sync',
]);

/** Of the catalyst tracker's mount: what is the same for everybody. */
export const COMPAT_DESTINY_READER = builtIn(
  '00000000-0000-7000-8000-000000000012',
  'anonymous',
  'compat-destiny',
  ['destiny:read'],
);
