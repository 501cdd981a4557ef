import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Role } from '../../platform/auth/principal.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { ExternalIdentitiesRepository } from '../external/external-identities.repository.js';
import { AccountsRepository } from './accounts.repository.js';
import { normaliseEmail } from './email-address.js';
import { EndSessions } from './end-sessions.service.js';
import { Passwords } from './passwords.service.js';

/** What a reset has done, and what it leaves to look at. */
export interface OperatorReset {
  password: string;
  deletedKeys: number;
  /** Ways to sign in elsewhere, which stay. */
  linkedIdentities: number;
}

/** What whoever has a shell on the machine does: the first administrator, a lost password, the demonstration account. */
@Injectable()
export class OperatorAccounts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly ending: EndSessions,
    private readonly identities: ExternalIdentitiesRepository,
    private readonly audit: Audit,
  ) {}

  /** @param given a password of the operator's own; undefined = a random one @returns the password @throws StartupError */
  async create(address: string, role: Role, given: string | undefined): Promise<string> {
    const email = knownAddress(address);
    const password = given ?? randomPassword();
    const passwordHash = await this.hash(password, email);
    const account = { id: uuidv7(), email, passwordHash, role };
    if (!(await this.insert(account))) throw new StartupError(`There is an account of ${email} already.`);
    return password;
  }

  /** Signs all its devices out and deletes its keys. @throws StartupError */
  async resetPassword(address: string, given: string | undefined): Promise<OperatorReset> {
    const email = knownAddress(address);
    const password = given ?? randomPassword();
    const passwordHash = await this.hash(password, email);
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const found = await this.accounts.findByEmail(tx, email);
      const account = found && (await this.accounts.lockAccount(tx, found.id));
      if (!account) throw new StartupError(`There is no account of ${email}.`);
      await this.accounts.updatePasswordHash(tx, account.id, account.passwordHash, passwordHash);
      await this.accounts.updateVerified(tx, account.id);
      const deletedKeys = await this.ending.ofAccountAndKeys(tx, account.id);
      await this.record(tx, 'identity.password-reset', account.id, { deletedKeys });
      const linked = await tx.query(this.identities.listOwn(account.id));
      return { password, deletedKeys, linkedIdentities: linked.length };
    });
  }

  /** Makes an account where there is none; one that is there stays as it is. */
  async ensure(address: string, role: Role, password: string): Promise<void> {
    const email = knownAddress(address);
    const found = await this.system.run(SYSTEM_SCOPE, (tx) => this.accounts.findByEmail(tx, email));
    if (found) return;
    const account = { id: uuidv7(), email, passwordHash: await this.hash(password, email), role };
    await this.insert(account);
  }

  private insert(account: { id: string; email: string; passwordHash: string; role: Role }): Promise<boolean> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.accounts.insertVerified(tx, account))) return false;
      await this.record(tx, 'identity.account-created', account.id, {
        email: account.email,
        role: account.role,
      });
      return true;
    });
  }

  private record(tx: Tx, action: string, id: string, after?: object): Promise<void> {
    const object = { type: 'identity.account', id };
    return this.audit.record(tx, SYSTEM_SCOPE, { action, object, subjectId: id, after });
  }

  private hash(password: string, email: string): Promise<string> {
    return this.passwords.hashNew(password, email).catch((error: unknown) => {
      throw error instanceof DomainError ? new StartupError(error.message) : error;
    });
  }
}

function knownAddress(address: string): string {
  const email = normaliseEmail(address);
  if (email === undefined) throw new StartupError('--email takes an e-mail address in ASCII.');
  return email;
}

/** 108 bits, in letters that can be read aloud and typed. */
function randomPassword(): string {
  return randomBytes(16).toString('base64url').replace(/[-_]/g, 'x');
}
