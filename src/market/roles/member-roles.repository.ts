import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { MarketRole } from './market-role.js';

export interface MemberRoleRow {
  accountId: string;
  role: MarketRole;
  givenAt: Date;
}

const COLUMNS = 'user_id AS "accountId", role, given_at AS "givenAt"';

/** All for the system role. */
@Injectable()
export class MemberRolesRepository {
  async findRole(tx: Tx, accountId: string): Promise<MemberRoleRow | null> {
    const [row] = await tx.query<MemberRoleRow>({
      name: 'market.member-roles.find-role',
      text: `SELECT ${COLUMNS} FROM market.member_role WHERE user_id = $1`,
      values: [accountId],
    });
    return row ?? null;
  }

  async upsertRole(tx: Tx, accountId: string, role: MarketRole): Promise<MemberRoleRow> {
    const [row] = await tx.query<MemberRoleRow>({
      name: 'market.member-roles.upsert-role',
      text: `INSERT INTO market.member_role (user_id, role) VALUES ($1, $2)
             ON CONFLICT (user_id) DO UPDATE SET role = $2, given_at = now() RETURNING ${COLUMNS}`,
      values: [accountId, role],
    });
    return row!;
  }

  async deleteRole(tx: Tx, accountId: string): Promise<void> {
    await tx.query({
      name: 'market.member-roles.delete-role',
      text: 'DELETE FROM market.member_role WHERE user_id = $1',
      values: [accountId],
    });
  }

  /** By account, newest first. @param before account of the last row of the page before */
  listPage(tx: Tx, before: string | null, limit: number): Promise<MemberRoleRow[]> {
    return tx.query({
      name: 'market.member-roles.list-page',
      text: `SELECT ${COLUMNS} FROM market.member_role WHERE $1::uuid IS NULL OR user_id < $1
             ORDER BY user_id DESC LIMIT $2`,
      values: [before, limit],
    });
  }
}
