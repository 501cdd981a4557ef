import type { Client } from 'pg';
import { StartupError } from '../config/startup-error.js';
import { sqlState } from './database.errors.js';

// The owner runs migrations and owns everything; requests and workers connect as one of two roles that own nothing and
// cannot bypass row-level security. Role names belong to the whole cluster, so they derive from the owner's name.

export type DatabaseRole = 'app' | 'system';

export function roleName(owner: string, role: DatabaseRole): string {
  return `${owner}_${role}`;
}

/**
 * Creates the two roles where they are missing and lets the owner assume them. Safe to run twice and by two at once.
 * @throws StartupError with the SQL for an administrator, where the owner may not create roles
 */
export async function ensureRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
  const owner = rows[0]?.owner ?? '';
  const refused: string[] = [];
  for (const role of ['app', 'system'] as const)
    refused.push(...(await ensureRole(client, owner, roleName(owner, role))));
  if (refused.length > 0) {
    throw new StartupError(
      `The database user ${owner} lacks the right to create roles; let an administrator run: ${refused.join(' ')}`,
    );
  }
}

/** @returns the statements that the owner was not allowed to run */
async function ensureRole(client: Client, owner: string, role: string): Promise<string[]> {
  const create = `CREATE ROLE ${client.escapeIdentifier(role)} NOLOGIN NOSUPERUSER NOBYPASSRLS;`;
  const grant = `GRANT ${client.escapeIdentifier(role)} TO ${client.escapeIdentifier(owner)};`;
  const found = await client.query<{ is_member: boolean; is_unsafe: boolean }>(
    `SELECT pg_has_role(current_user, oid, 'MEMBER') AS is_member, (rolsuper OR rolbypassrls) AS is_unsafe
     FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  if (found.rows[0]?.is_unsafe)
    throw new StartupError(
      `The database role ${role} may bypass row-level security; take that right away from it.`,
    );
  if (found.rows[0]?.is_member) return [];
  const statements = found.rows[0] ? [grant] : [create, grant];
  try {
    for (const statement of statements) await client.query(statement).catch(ignoreExisting);
    return [];
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    return statements;
  }
}

/** Another starter made it in the same moment: 42710 duplicate object, 23505 the same seen one layer below. */
function ignoreExisting(error: unknown): void {
  if (!['42710', '23505', 'XX000'].includes(sqlState(error) ?? '')) throw error;
}

/**
 * Refuses a connection that row-level security would not bind: a superuser, BYPASSRLS, or the owner of any table.
 * @throws StartupError
 */
export async function assertBoundByRowSecurity(
  query: (sql: string) => Promise<{ rows: unknown[] }>,
): Promise<void> {
  const { rows } = await query(
    `SELECT r.rolname AS name, r.rolsuper AS is_superuser, r.rolbypassrls AS is_bypassing,
            EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')) AS is_owner
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const role = rows[0] as { name: string; is_superuser: boolean; is_bypassing: boolean; is_owner: boolean };
  if (role.is_superuser || role.is_bypassing || role.is_owner) {
    throw new StartupError(
      `The database role ${role.name} would not be bound by row-level security (superuser, BYPASSRLS or owner of a table); ` +
        'DATABASE_URL must name the owner, whose _app and _system roles are then used.',
    );
  }
}
