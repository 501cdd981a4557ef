import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type ExternalAccount, ExternalIdentitiesRepository } from './external-identities.repository.js';

/** Somebody as an outside issuer knows them. */
export interface OutsidePerson {
  issuer: string;
  subject: string;
  /** By which they came; null = by a token of a trusted issuer. */
  provider: string | null;
  email: string | null;
  name: string | null;
}

class Overtaken extends Error {}

/** Accounts of people who prove elsewhere who they are: found by issuer and subject, never by an address. */
@Injectable()
export class ExternalAccounts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: ExternalIdentitiesRepository,
    private readonly audit: Audit,
  ) {}

  async find(person: Pick<OutsidePerson, 'issuer' | 'subject'>): Promise<ExternalAccount | null> {
    const statement = this.rows.findAccount(person.issuer, person.subject);
    const [account] = await this.system.read<ExternalAccount>(SYSTEM_SCOPE, statement);
    return account ?? null;
  }

  /** Whether the person has left, so that a token from before does not bring them back. @param sinceS Unix time in seconds */
  async hasLeft(person: Pick<OutsidePerson, 'issuer' | 'subject'>, sinceS: number): Promise<boolean> {
    const statement = this.rows.findDeparted(person.issuer, person.subject, sinceS);
    return (await this.system.read(SYSTEM_SCOPE, statement)).length > 0;
  }

  /** The account, made at first sight; of two who see it first at once, both get the same. */
  async findOrCreate(person: OutsidePerson): Promise<ExternalAccount> {
    const found = await this.find(person);
    if (found) return found;
    await this.create(person).catch((error: unknown) => {
      if (!(error instanceof Overtaken)) throw error;
    });
    const made = await this.find(person);
    if (!made) throw new Error('An account vanished while it was made');
    return made;
  }

  private async create(person: OutsidePerson): Promise<void> {
    const id = uuidv7();
    const { issuer, subject, provider, email } = person;
    await this.uow.run({ id }, async (tx) => {
      await this.rows.insertAccount(tx, id, person.name);
      const identity = { id: uuidv7(), userId: id, issuer, subject, provider, email };
      if (!(await this.rows.insertIdentity(tx, identity))) throw new Overtaken();
      await this.audit.record(
        tx,
        { id },
        {
          action: 'identity.account-created',
          object: { type: 'identity.account', id },
          after: { role: 'member', issuer, provider },
        },
      );
    });
  }
}
