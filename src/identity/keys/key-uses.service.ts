import { Inject, Injectable } from '@nestjs/common';
import { DatabaseLifetime, SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** A key that makes a thousand calls a second is one row once a minute. */
const WRITE_EVERY_MS = 60_000;
const MAX_KEYS = 10_000;

/** Remembers when keys were last used, and writes it down once a minute and at the end. */
@Injectable()
export class KeyUses {
  private lastUsedMs = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly keys: ApiKeysRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    lifetime: DatabaseLifetime,
  ) {
    lifetime.beforeClose(() => this.end());
  }

  /** Asked for every request of a key, so it does next to nothing. */
  note(keyId: string): void {
    if (this.lastUsedMs.size >= MAX_KEYS && !this.lastUsedMs.has(keyId)) return;
    this.lastUsedMs.set(keyId, Date.now());
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.writing = this.write();
    }, WRITE_EVERY_MS).unref();
  }

  /** After the last request: those in flight use keys, too, and a slow database shall not keep the port open. */
  private async end(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    await this.write();
  }

  /** What cannot be written is forgotten: the next use comes soon, or it does not matter. */
  async write(): Promise<void> {
    if (this.lastUsedMs.size === 0) return;
    const uses = [...this.lastUsedMs].map(([keyId, ms]) => ({ keyId, usedAt: new Date(ms) }));
    this.lastUsedMs = new Map();
    try {
      await this.system.run(SYSTEM_SCOPE, (tx) => this.keys.updateLastUsed(tx, uses));
    } catch (error) {
      this.logger.warn({ err: error }, 'the last use of API keys was not written');
    }
  }
}
