import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { MarketRole } from './market-role.js';

/**
 * What an account is to the market. Owned by the account, under row-level security, and keyed by it; given and taken by
 * administrators, gone with the account. (The foreign key names the entity of another domain, which is not imported here.)
 */
@Entity({ schema: 'market', name: 'member_role', comment: 'owner=user; erase=market' })
@Check('ck_member_role_role', `(role = 'curator'::text)`)
export class MemberRoleEntity {
  @ForeignKey('AccountEntity', { name: 'fk_member_role_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_member_role' })
  userId: string;

  @Column('text')
  role: MarketRole;

  @Column('timestamptz', { name: 'given_at', default: () => 'now()' })
  givenAt: Date;
}
