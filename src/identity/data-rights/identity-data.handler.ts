import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { AccountParting } from '../connections/account-parting.service.js';

const ACCOUNT: OwnedTable = {
  name: 'identity.account',
  owner: 'id',
  columns: [
    'id',
    'email',
    'pending_email',
    'role',
    'display_name',
    'version',
    'verified_at',
    'locked_at',
    'created_at',
    'updated_at',
  ],
};

/** Tables of `erase=identity` with what an export shows of them: hashes of passwords, codes and tokens are in none. */
const TABLES: readonly OwnedTable[] = [
  ACCOUNT,
  {
    name: 'identity.session',
    columns: [
      'id',
      'device_name',
      'user_agent',
      'ip_prefix',
      'proved_at',
      'created_at',
      'last_used_at',
      'expires_at',
      'revoked_at',
    ],
  },
  { name: 'identity.one_time_token', columns: ['kind', 'session_id', 'created_at', 'expires_at'] },
  { name: 'identity.totp', columns: ['confirmed_at', 'created_at'] },
  { name: 'identity.recovery_code', columns: ['created_at'] },
  { name: 'identity.sign_in_challenge', columns: ['created_at', 'expires_at'] },
  {
    name: 'identity.api_key',
    columns: ['id', 'prefix', 'name', 'scopes', 'expires_at', 'last_used_at', 'created_at'],
  },
  {
    name: 'identity.connection',
    columns: ['id', 'provider', 'state', 'subject', 'granted_scopes', 'created_at', 'updated_at'],
  },
  { name: 'identity.parting_token', columns: ['provider', 'created_at'] },
  { name: 'identity.pending_grant', columns: ['purpose', 'provider', 'created_at', 'expires_at'] },
  { name: 'identity.authorization_request', columns: ['purpose', 'provider', 'return_to', 'created_at'] },
  {
    name: 'identity.external_identity',
    columns: ['id', 'issuer', 'subject', 'provider', 'email', 'created_at'],
  },
  { name: 'identity.sign_in_code', columns: ['created_at', 'expires_at'] },
  { name: 'identity.erasure', columns: ['requested_at', 'finished_at'] },
  { name: 'identity.erasure_step', columns: ['handler', 'finished_at'] },
];
/** They say how far the erasure is, and go when it has been gone over. */
const NOTES = ['identity.erasure', 'identity.erasure_step'];

@Injectable()
@HandlesData('identity')
export class IdentityData implements DataHandler {
  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly parting: AccountParting,
  ) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  /** Providers are to take back what they have granted. */
  prepare(userId: string): Promise<void> {
    return this.parting.partAll(userId);
  }

  /** The account last: the others hang on it. */
  async erase(tx: Tx, userId: string): Promise<void> {
    const tables = TABLES.filter(({ name }) => !NOTES.includes(name)).reverse();
    for (const table of tables) await this.rows.deleteRows(tx, table, userId);
  }
}
