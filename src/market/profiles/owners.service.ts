import { Injectable } from '@nestjs/common';
import { COMPAT_DOFUS_READER, type Principal } from '../../platform/auth/principal.js';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { type Scope, type Statement, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';

/**
 * Whose personal things a caller has. An account has its own. Tokens of the configuration are no person: they are secrets that
 * an installation's own clients share, as the original's one token was, and those clients call with and without it. So they and
 * the callers without a token have the things of one built-in account (docs/decisions/market-personal.md).
 */
@Injectable()
export class Owners {
  constructor(private readonly uow: UnitOfWork) {}

  idOf(principal: Principal): string {
    return principal.kind === 'account' ? principal.id : COMPAT_DOFUS_READER.id;
  }

  /** One transaction in the scope of the owner. */
  run<T>(principal: Principal, work: (tx: Tx, owner: Scope) => Promise<T>): Promise<T> {
    const owner = { id: this.idOf(principal) };
    return this.uow.run(owner, (tx) => work(tx, owner));
  }

  /** One short read in the scope of the owner. */
  read<Row extends object>(principal: Principal, statement: Statement): Promise<Row[]> {
    return this.uow.read<Row>({ id: this.idOf(principal) }, statement);
  }

  /** Until the end of the transaction nobody else adds to what is counted of the owner's. */
  async lock(tx: Tx, owner: Scope): Promise<void> {
    await tx.query({
      name: 'market.owners.lock',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [ADVISORY_LOCK.marketOwner, owner.id],
    });
  }
}
