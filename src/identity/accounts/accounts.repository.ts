import { Injectable } from '@nestjs/common';
import type { Role } from '../../platform/auth/principal.js';
import { sqlState } from '../../platform/database/database.errors.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { AccountEntity } from './account.entity.js';

export type AccountRow = AccountEntity;

const COLUMNS = `id, email, pending_email AS "pendingEmail", password_hash AS "passwordHash", role, display_name AS "displayName",
  token_version AS "tokenVersion", version, verified_at AS "verifiedAt", locked_at AS "lockedAt",
  tokens_since AS "tokensSince",
  created_at AS "createdAt", updated_at AS "updatedAt"`;
const UNIQUE_VIOLATION = '23505';
const CHANGED = 'version = version + 1, updated_at = now()';

@Injectable()
export class AccountsRepository {
  /** For the system role. @param email normalised */
  async findByEmail(tx: Tx, email: string): Promise<AccountRow | null> {
    const [row] = await tx.query<AccountRow>({
      name: 'identity.accounts.find-by-email',
      text: `SELECT ${COLUMNS} FROM identity.account WHERE email = $1`,
      values: [email],
    });
    return row ?? null;
  }

  async findAccount(tx: Tx, id: string): Promise<AccountRow | null> {
    const [row] = await tx.query<AccountRow>({
      name: 'identity.accounts.find-account',
      text: `SELECT ${COLUMNS} FROM identity.account WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** The same under a lock. */
  async lockAccount(tx: Tx, id: string): Promise<AccountRow | null> {
    const [row] = await tx.query<AccountRow>({
      name: 'identity.accounts.lock-account',
      text: `SELECT ${COLUMNS} FROM identity.account WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  readOwn(id: string): Statement {
    return {
      name: 'identity.accounts.read-own',
      text: `SELECT ${COLUMNS} FROM identity.account WHERE id = $1`,
      values: [id],
    };
  }

  /** A member, in its own scope. @returns false when the address has an account already */
  async insertAccount(
    tx: Tx,
    account: { id: string; email: string; passwordHash: string; displayName: string | null },
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.accounts.insert-account',
      text: `INSERT INTO identity.account (id, email, password_hash, display_name) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [account.id, account.email, account.passwordHash, account.displayName],
    });
    return rows.length === 1;
  }

  /** By an operator: of any role, and the address counts as proved. @returns false when it has an account already */
  async insertVerified(
    tx: Tx,
    account: { id: string; email: string; passwordHash: string; role: Role },
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.accounts.insert-verified',
      text: `INSERT INTO identity.account (id, email, password_hash, role, verified_at) VALUES ($1, $2, $3, $4, now())
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [account.id, account.email, account.passwordHash, account.role],
    });
    return rows.length === 1;
  }

  /** @param from the hash that it replaces; another one has come meanwhile = nothing changes. @returns whether it changed */
  async updatePasswordHash(tx: Tx, id: string, from: string | null, hash: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.accounts.update-password-hash',
      text: `UPDATE identity.account SET password_hash = $3, ${CHANGED}
             WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $2 RETURNING 1`,
      values: [id, from, hash],
    });
    return rows.length === 1;
  }

  /** Without a new version: the password is the same. @returns whether it was this call */
  async updateRehashed(tx: Tx, id: string, from: string, hash: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.accounts.update-rehashed',
      text: 'UPDATE identity.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING 1',
      values: [id, from, hash],
    });
    return rows.length === 1;
  }

  async updateDisplayName(tx: Tx, id: string, displayName: string | null): Promise<AccountRow> {
    const [row] = await tx.query<AccountRow>({
      name: 'identity.accounts.update-display-name',
      text: `UPDATE identity.account SET display_name = $2, ${CHANGED} WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id, displayName],
    });
    return row!;
  }

  /** For the system role. */
  async updateVerified(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'identity.accounts.update-verified',
      text: `UPDATE identity.account SET verified_at = coalesce(verified_at, now()), ${CHANGED} WHERE id = $1`,
      values: [id],
    });
  }

  /** For the system role. */
  async updatePendingEmail(tx: Tx, id: string, email: string | null): Promise<void> {
    await tx.query({
      name: 'identity.accounts.update-pending-email',
      text: 'UPDATE identity.account SET pending_email = $2 WHERE id = $1',
      values: [id, email],
    });
  }

  /** For the system role. @param isProved whether its mailbox was shown to be read @returns false when another account has it */
  async updateEmail(tx: Tx, id: string, email: string, isProved: boolean): Promise<boolean> {
    const statement = {
      name: 'identity.accounts.update-email',
      text: `UPDATE identity.account
             SET email = $2, pending_email = NULL, verified_at = CASE WHEN $3 THEN now() END, ${CHANGED}
             WHERE id = $1`,
      values: [id, email, isProved],
    };
    await tx.query('SAVEPOINT address');
    try {
      await tx.query(statement);
      return true;
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      await tx.query('ROLLBACK TO SAVEPOINT address');
      return false;
    }
  }

  /** For the system role: a role and a lock, and tokens so far are void. */
  async updateAdministered(
    tx: Tx,
    id: string,
    change: { role: Role; isLocked: boolean },
  ): Promise<AccountRow> {
    const [row] = await tx.query<AccountRow>({
      name: 'identity.accounts.update-administered',
      text: `UPDATE identity.account
             SET role = $2, locked_at = CASE WHEN $3 THEN coalesce(locked_at, now()) END,
               token_version = token_version + 1, ${CHANGED}
             WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id, change.role, change.isLocked],
    });
    return row!;
  }

  /** Tokens of lower versions are void. @returns the new version */
  async updateTokenVersion(tx: Tx, id: string): Promise<number> {
    const [row] = await tx.query<{ tokenVersion: number }>({
      name: 'identity.accounts.update-token-version',
      text: `UPDATE identity.account SET token_version = token_version + 1 WHERE id = $1
             RETURNING token_version AS "tokenVersion"`,
      values: [id],
    });
    return row!.tokenVersion;
  }

  /**
   * Locks every administrator, so that two cannot be the last at once.
   * @param needsConfirmed whether passwords count for confirmed addresses only
   * @returns ids of those who can sign in
   */
  async lockAdministrators(tx: Tx, needsConfirmed: boolean): Promise<string[]> {
    const rows = await tx.query<{ id: string; canSignIn: boolean }>({
      name: 'identity.accounts.lock-administrators',
      text: `SELECT a.id, (a.password_hash IS NOT NULL AND (a.verified_at IS NOT NULL OR NOT $1)
                 OR EXISTS (SELECT 1 FROM identity.external_identity e WHERE e.user_id = a.id)) AS "canSignIn"
             FROM identity.account a WHERE a.role = 'administrator' AND a.locked_at IS NULL
             ORDER BY a.id FOR UPDATE OF a`,
      values: [needsConfirmed],
    });
    return rows.filter(({ canSignIn }) => canSignIn).map(({ id }) => id);
  }

  /** Newest first. @param before id of the last row of the page before */
  listPage(
    tx: Tx,
    filter: { before: string | null; email: string | null; role: Role | null; limit: number },
  ): Promise<AccountRow[]> {
    return tx.query({
      name: 'identity.accounts.list-page',
      text: `SELECT ${COLUMNS} FROM identity.account
             WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR email = $2) AND ($3::text IS NULL OR role = $3)
             ORDER BY id DESC LIMIT $4`,
      values: [filter.before, filter.email, filter.role, filter.limit],
    });
  }
}
