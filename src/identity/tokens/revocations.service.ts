import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { type Revocation, type RevocationRow, RevocationsRepository } from './revocations.repository.js';
import { KEPT_MS, type Revocable, Revoked } from './revoked.js';

// Tokens are checked without a look into the database, so every process has to hear of what was taken back: it asks for the
// newest rows several times a second. A row is written before its transaction commits, and is seen only afterwards: hence
// the overlap.

const POLL_EVERY_MS = 400;
const OVERLAP_MS = 30_000;

@Injectable()
export class Revocations implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly revoked = new Revoked();
  /** By the database's clock; undefined before the first look. */
  private seenAtMs: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isAway = false;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: RevocationsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Before the first request: tokens taken back while this process was not there are still alive. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.env.role === 'worker') return; // nobody calls it
    await this.poll();
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.polling;
  }

  isRevoked(caller: Revocable): boolean {
    return this.revoked.has(caller);
  }

  /** Takes back with the caller's transaction: here at its commit, in other processes within half a second. */
  async revoke(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
    if (revocations.length === 0) return;
    await this.rows.insertMany(tx, revocations);
    tx.afterCommit(() => {
      for (const revocation of revocations)
        this.add(revocation.subjectId, revocation.kind === 'account' ? revocation.minTokenVersion : null);
    });
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.polling = this.poll().then(
        () => this.tell(false),
        (error: unknown) => this.tell(true, error),
      );
      void this.polling.then(() => this.schedule());
    }, POLL_EVERY_MS).unref();
  }

  private async poll(): Promise<void> {
    const sinceMs = this.seenAtMs === undefined ? Date.now() - KEPT_MS : this.seenAtMs - OVERLAP_MS;
    const found = await this.uow.read<RevocationRow>(SYSTEM_SCOPE, this.rows.listSince(sinceMs));
    for (const { kind, subjectId, minTokenVersion } of found)
      if (kind !== null) this.add(subjectId, minTokenVersion);
    this.seenAtMs = found[0]?.nowMs;
    this.revoked.forgetOld(Date.now());
  }

  private add(subjectId: string, minTokenVersion: number | null): void {
    this.revoked.add(subjectId, minTokenVersion, Date.now());
  }

  /** One line when the database goes away and one when it is back, not one per try. */
  private tell(isAway: boolean, error?: unknown): void {
    if (isAway !== this.isAway && !this.isStopped)
      this.logger.warn({ err: error }, isAway ? 'revocations cannot be read' : 'revocations are read again');
    this.isAway = isAway;
  }
}
