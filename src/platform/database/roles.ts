import type { Client } from 'pg';
import { StartupError } from '../config/startup-error.js';
import { sqlState } from './database.errors.js';

// The owner runs migrations and owns everything; requests and workers connect as one of two roles that own nothing and
// cannot bypass row-level security. Role names belong to the whole cluster, so they derive from the owner's name.

export type DatabaseRole = 'app' | 'system';

export function roleName(owner: string, role: DatabaseRole): string {
  return `${owner}_${role}`;
}

/** Creates the two roles where they are missing and lets the owner assume them. Safe to run twice and by two at once. */
export async function ensureRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string; is_superuser: boolean }>(
    'SELECT current_user AS owner, rolsuper AS is_superuser FROM pg_roles WHERE rolname = current_user',
  );
  const owner = rows[0]?.owner ?? '';
  for (const role of ['app', 'system'] as const) await ensureRole(client, owner, roleName(owner, role));
}

async function ensureRole(client: Client, owner: string, role: string): Promise<void> {
  const sql = [
    `CREATE ROLE ${client.escapeIdentifier(role)} NOLOGIN NOSUPERUSER NOBYPASSRLS;`,
    `GRANT ${client.escapeIdentifier(role)} TO ${client.escapeIdentifier(owner)};`,
  ] as const;
  const found = await client.query<{ is_member: boolean; is_unsafe: boolean }>(
    `SELECT pg_has_role(current_user, oid, 'MEMBER') AS is_member, (rolsuper OR rolbypassrls) AS is_unsafe
     FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  if (found.rows[0]?.is_unsafe)
    throw new StartupError(
      `The database role ${role} may bypass row-level security; take that right away from it.`,
    );
  if (found.rows[0]?.is_member) return;
  try {
    if (!found.rows[0]) await client.query(sql[0]).catch(ignoreExisting);
    await client.query(sql[1]).catch(ignoreExisting);
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    throw new StartupError(
      `The database user ${owner} lacks the right to create roles; let an administrator run: ${sql.join(' ')}`,
    );
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
