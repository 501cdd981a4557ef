import pg, { type ClientConfig } from 'pg';
import { type DatabaseRole, roleName } from './roles.js';

/** How a process reaches its database. */
export interface DatabaseTarget {
  /** URL of the owner role. */
  url: string;
  /** The same database without a pooler in between. */
  directUrl: string;
  pooler: 'none' | 'transaction';
  poolMax: number;
}

/** int8 as a number: our own 64-bit ids and counts stay far below 2^53. Third parties' ids are text and never int8. */
const INT8_OID: number = pg.types.builtins.INT8;
const TYPES: NonNullable<ClientConfig['types']> = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown =>
    oid === INT8_OID && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export function ownerOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/**
 * Connections start in their role: `options=-c role=...` costs no round trip and survives RESET ROLE and DISCARD ALL. A
 * pooler in transaction mode refuses start-up options; there the role is set inside every transaction.
 */
export function roleConfig(target: DatabaseTarget, role: DatabaseRole): ClientConfig {
  const config: ClientConfig = {
    connectionString: target.url,
    application_name: `guildhall ${role}`,
    types: TYPES,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
  if (target.pooler === 'transaction') return config;
  return {
    ...config,
    options: `-c role=${roleName(ownerOf(target.url), role)} -c idle_in_transaction_session_timeout=10000 -c statement_timeout=30000`,
  };
}
