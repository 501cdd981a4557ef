import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { type Revocation, type RevocationRow, RevocationsRepository } from './revocations.repository.js';
import { KEPT_MS, type Revocable, Revoked } from './revoked.js';
import { SigningKeys } from './signing-keys.service.js';

// Tokens are checked without a look into the database, so every process has to hear of what was taken back: it asks for the
// newest rows several times a second. A row is written before its transaction commits, and is seen only afterwards: hence
// the overlap. What a process remembers of keys goes by the same way.

const POLL_EVERY_MS = 400;
const OVERLAP_MS = 30_000;

@Injectable()
export class Revocations implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly revoked = new Revoked();
  /** Signing keys that have voided all others, as far as this process has followed. */
  private readonly followed = new Set<string>();
  private verifiedEpoch = 0;
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
    private readonly keys: SigningKeys,
    private readonly vault: Vault,
  ) {}

  /** Before the first request: tokens taken back while this process was not there are still alive. */
  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.schedule();
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Once no request is taken any more: a database that does not answer shall not keep the port open. */
  async onApplicationShutdown(): Promise<void> {
    await this.polling;
  }

  /** Another number than before: whatever was verified until then has to be verified anew. */
  get epoch(): number {
    return this.verifiedEpoch;
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
        if (revocation.kind !== 'signing-key' && revocation.kind !== 'data-key')
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
    for (const { kind, subjectId, minTokenVersion } of found) {
      if (kind === 'data-key') this.vault.drop(subjectId);
      else if (kind !== null && kind !== 'signing-key') this.add(subjectId, minTokenVersion);
    }
    await this.follow(found.filter(({ kind }) => kind === 'signing-key').map(({ subjectId }) => subjectId));
    this.seenAtMs = found[0]?.nowMs;
    this.revoked.forgetOld(Date.now());
  }

  /** First the keys, then the tokens: one that is verified in between meets the new keys already. */
  private async follow(keyIds: readonly string[]): Promise<void> {
    if (keyIds.every((id) => this.followed.has(id))) return;
    await this.keys.reload();
    for (const id of keyIds) this.followed.add(id);
    this.verifiedEpoch += 1;
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
