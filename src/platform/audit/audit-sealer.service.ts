import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ENV } from '../config/config.module.js';
import { auditHeadsPath, type Env } from '../config/env.js';
import { DatabaseLifetime, SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { type ChainedEvent, HASH_BYTES, sealHashOf } from './audit-chain.js';
import { appendHead } from './audit-heads.js';
import { AuditSealsRepository, type SealRow } from './audit-seals.repository.js';

// Business transactions only append events; the chain over them is made here, by one worker at a time, so that writers never
// wait for each other. A queue of committed events, not the order of ids, says what is next: an id given earlier may be
// committed later, and would be skipped.

const EVERY_MS = 1_000;
/** Events per transaction. */
const PORTION = 500;
/** Between two heads written down. */
const EXPORT_EVERY_MS = 60_000;

@Injectable()
export class AuditSealer {
  private sealing: Promise<void> | undefined;
  private head: SealRow | undefined;
  private exportedSeq = 0;
  private exportedAtMs = -Infinity;
  private hasFailed = false;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly seals: AuditSealsRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
    database: DatabaseLifetime,
  ) {
    database.beforeClose(() => this.stop());
  }

  /** Seals what has been committed. A tick that finds another under way leaves it to that. */
  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    this.sealing ??= this.work().finally(() => (this.sealing = undefined));
    await this.sealing;
  }

  /** @returns the number of events that were sealed */
  async seal(): Promise<number> {
    let sealed = 0;
    for (;;) {
      const portion = await this.system.run(SYSTEM_SCOPE, (tx) => this.sealPortion(tx));
      sealed += portion.length;
      this.head = portion.at(-1) ?? this.head;
      if (portion.length < PORTION) return sealed;
    }
  }

  /** Writes the newest seal of this process down, where whoever owns the database may have no hand in it: file and log. */
  async exportHead(): Promise<void> {
    const { head } = this;
    if (!head || head.seq === this.exportedSeq) return;
    const origin = await this.system.run(SYSTEM_SCOPE, (tx) => this.seals.findOrigin(tx));
    const { seq, eventId } = head;
    const line = {
      at: new Date().toISOString(),
      chain: origin?.toString('hex') ?? '',
      seq,
      eventId,
      hash: head.hash.toString('hex'),
    };
    this.logger.info({ auditHead: line }, 'head of the audit chain');
    appendHead(auditHeadsPath(this.env), line);
    this.exportedSeq = seq;
    this.exportedAtMs = performance.now();
  }

  private async stop(): Promise<void> {
    await this.sealing;
    await this.work(0);
  }

  private async work(exportEveryMs = EXPORT_EVERY_MS): Promise<void> {
    try {
      await this.seal();
      if (performance.now() - this.exportedAtMs >= exportEveryMs) await this.exportHead();
      this.hasFailed = false;
    } catch (error) {
      if (this.hasFailed) return; // once per outage, not once per second
      this.hasFailed = true;
      this.logger.warn({ err: error }, 'audit events could not be sealed; it is tried again');
    }
  }

  private async sealPortion(tx: Tx): Promise<SealRow[]> {
    if (!(await this.seals.lockSealing(tx))) return [];
    const head = await this.seals.findHead(tx);
    const events = await this.seals.takePending(tx, PORTION);
    const portion = chain(head, events);
    if (portion.length > 0) await this.seals.insertSeals(tx, portion);
    return portion;
  }
}

function chain(head: SealRow | undefined, events: readonly ChainedEvent[]): SealRow[] {
  let seq = head?.seq ?? 0;
  let hash = head?.hash ?? randomBytes(HASH_BYTES);
  return events.map((event) => {
    const prevHash = hash;
    seq += 1;
    hash = sealHashOf(prevHash, seq, event);
    return { seq, eventId: event.id, prevHash, hash };
  });
}
