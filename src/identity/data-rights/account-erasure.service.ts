import { Injectable } from '@nestjs/common';
import { Audit, type AuditActor } from '../../platform/audit/audit.service.js';
import { DataHandlers } from '../../platform/data-rights/data-handlers.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { EndSessions } from '../accounts/end-sessions.service.js';
import { ERASE_ACCOUNT } from './data-rights.jobs.js';
import { erasureOrder, FIRST } from './erasure-order.js';
import { ErasuresRepository } from './erasures.repository.js';

// An account is gone for everybody the moment it is deleted: marked, nameless, all its tokens void. What rooms know of it goes seconds
// after that, handler by handler, each in one transaction with the note that it did; a crash repeats at most the handler it hit.
// Minutes later every handler runs once more: requests that were under way at the deletion may have written behind the first.

/** Longer than any request, transaction or buffer of the profiler lives. */
const SWEPT_AFTER_S = 600;
/** What was under way at the deletion has mostly ended then. */
const STARTS_AFTER_MS = 3_000;

@Injectable()
export class AccountErasure {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly erasures: ErasuresRepository,
    private readonly owned: OwnedRowsRepository,
    private readonly handlers: DataHandlers,
    private readonly ending: EndSessions,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** In the transaction of the deletion. @param tx of the system role, with the account's row locked */
  async request(tx: Tx, actor: AuditActor, accountId: string): Promise<void> {
    await this.ending.ofAccount(tx, accountId);
    await this.erasures.updateAccountMarked(tx, accountId);
    await this.erasures.insertErasure(tx, accountId);
    await this.jobs.enqueue(tx, SYSTEM_SCOPE, ERASE_ACCOUNT, { accountId }, { delayMs: STARTS_AFTER_MS });
    await this.audit.record(tx, actor, {
      action: 'identity.account-deleted',
      object: { type: 'identity.account', id: accountId },
      subjectId: accountId,
    });
  }

  /**
   * Goes through the handlers that have not done their part. Safe to repeat and to run twice at once.
   * @param onStep is told of each one
   * @throws Error when a table names a handler that this process lacks; nothing is forgotten half-way then
   */
  async run(
    accountId: string,
    signal: AbortSignal,
    onStep: (done: number, total: number) => void,
  ): Promise<void> {
    const names = await this.order();
    for (const name of names) await this.handlers.get(name).prepare?.(accountId);
    for (const [index, name] of names.entries()) {
      signal.throwIfAborted();
      await this.step(accountId, name);
      onStep(index + 1, names.length);
    }
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.erasures.updateFinished(tx, accountId))) return;
      await this.audit.record(tx, SYSTEM_SCOPE, {
        action: 'identity.account-erased',
        object: { type: 'identity.account', id: accountId },
      });
    });
  }

  /**
   * One that fails holds nobody else's up.
   * @param afterS seconds since the end of an erasure after which it is gone over again
   * @throws AggregateError at the end, of those that failed
   */
  async sweep(signal: AbortSignal, afterS = SWEPT_AFTER_S): Promise<void> {
    const due = await this.system.run(SYSTEM_SCOPE, (tx) => this.erasures.listDue(tx, afterS));
    const failures: unknown[] = [];
    for (const { accountId, isFinished } of due) {
      signal.throwIfAborted();
      try {
        await this.resume(accountId, isFinished, signal);
      } catch (error) {
        if (signal.aborted || error instanceof DatabaseUnavailableError) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        `${failures.length} of ${due.length} erasures failed, first: ${String(failures[0])}`,
      );
  }

  private async resume(accountId: string, isFinished: boolean, signal: AbortSignal): Promise<void> {
    if (isFinished) return this.goOver(accountId, await this.order(), signal);
    await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.jobs.enqueue(tx, SYSTEM_SCOPE, ERASE_ACCOUNT, { accountId }),
    );
  }

  private async step(accountId: string, name: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const erasure = await this.erasures.lockErasure(tx, accountId);
      if (!erasure || (await this.erasures.hasStep(tx, accountId, name))) return;
      await this.eraseBy(tx, name, accountId);
      await this.erasures.insertStep(tx, accountId, name);
    });
  }

  private async eraseBy(tx: Tx, name: string, accountId: string): Promise<void> {
    await this.handlers.get(name).erase(tx, accountId);
    if (name === FIRST) await this.ending.dropKeys(tx, accountId);
  }

  private async goOver(accountId: string, names: readonly string[], signal: AbortSignal): Promise<void> {
    for (const name of names) {
      signal.throwIfAborted();
      await this.system.run(SYSTEM_SCOPE, (tx) => this.eraseBy(tx, name, accountId));
    }
    await this.system.run(SYSTEM_SCOPE, (tx) => this.erasures.deleteErasure(tx, accountId));
  }

  private async order(): Promise<string[]> {
    const named = await this.system.run(SYSTEM_SCOPE, (tx) => this.owned.listHandlerNames(tx));
    for (const name of named) this.handlers.get(name);
    return erasureOrder(this.handlers.names());
  }
}
