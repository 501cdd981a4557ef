import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { actorHashOf, detailHashOf, sealHashOf } from './audit-chain.js';
import type { AuditHead } from './audit-heads.js';
import { AuditSealsRepository, type SealedRow } from './audit-seals.repository.js';

const PORTION = 2_000;

export interface AuditReport {
  /** Seals that hold. */
  sealed: number;
  /** Events that wait for their seal. */
  pending: number;
  /** Sealed events whose personal part has been erased. */
  erased: number;
  /** Heads written down elsewhere that the chain still holds. */
  heads: number;
  /** What is wrong with the first broken row; undefined when nothing is. */
  fault: string | undefined;
}

interface Position {
  seq: number;
  hash: Buffer | undefined;
}

/** Reads the whole chain and makes it again, event by event. */
@Injectable()
export class AuditVerifier {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly seals: AuditSealsRepository,
  ) {}

  /** @param heads what was written down outside of the database, oldest first */
  async verify(heads: readonly AuditHead[]): Promise<AuditReport> {
    const report: AuditReport = { sealed: 0, pending: 0, erased: 0, heads: 0, fault: undefined };
    const expected = bySeq(heads);
    let position: Position = { seq: 0, hash: undefined };
    for (;;) {
      const rows = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.seals.listSealed(tx, position.seq, PORTION),
      );
      for (const row of rows) {
        const written = expected.get(row.seq) ?? [];
        report.fault = faultOfSeal(row, position) ?? faultOfHeads(row, written);
        if (report.fault !== undefined) return report;
        position = { seq: row.seq, hash: row.hash };
        report.sealed += 1;
        if (row.detail === null) report.erased += 1;
        report.heads += written.length;
      }
      if (rows.length < PORTION) break;
    }
    report.fault = faultOfTail(position, heads) ?? (await this.faultOutside(report));
    return report;
  }

  /** Events that no seal covers. */
  private async faultOutside(report: AuditReport): Promise<string | undefined> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const pending = await this.seals.countPending(tx);
      report.pending = pending.count;
      if (pending.orphanId !== null) return `event ${pending.orphanId} was deleted before it was sealed`;
      const unsealed = await this.seals.findUnsealed(tx);
      return unsealed === undefined
        ? undefined
        : `event ${unsealed} has no seal and waits for none: it was inserted by another way, or its seal was deleted`;
    });
  }
}

function faultOfSeal(row: SealedRow, before: Position): string | undefined {
  const { seq, eventId, prevHash, hash, event } = row;
  if (seq !== before.seq + 1) return `seal ${before.seq + 1} was deleted`;
  if (before.hash !== undefined && !prevHash.equals(before.hash))
    return `seal ${seq} (event ${eventId}) does not follow the seal before it: one of the two was changed or swapped`;
  if (event === null) return `event ${eventId} (seal ${seq}) was deleted`;
  if (!hash.equals(sealHashOf(prevHash, seq, event)))
    return `event ${eventId} (seal ${seq}) is not what was sealed: it was changed or swapped`;
  return faultOfDetail(row, event.detailHash, event.actorHash);
}

/** Erased parts are nothing wrong: only what is there can be compared. */
function faultOfDetail(
  { eventId, seq, detail, actor }: SealedRow,
  detailHash: Buffer,
  actorHash: Buffer,
): string | undefined {
  if (detail && !detailHash.equals(detailHashOf(detail.salt, detail)))
    return `the detail of event ${eventId} (seal ${seq}) was changed`;
  if (actor && !actorHash.equals(actorHashOf(actor.salt, actor)))
    return `the actor of event ${eventId} (seal ${seq}) was changed`;
  return undefined;
}

function faultOfHeads({ seq, eventId, hash }: SealedRow, written: readonly AuditHead[]): string | undefined {
  const other = written.find((head) => head.hash !== hash.toString('hex'));
  return (
    other &&
    `seal ${seq} (event ${eventId}) is not the one that was written down at ${other.at}: the chain was made anew, or it is another database's`
  );
}

function faultOfTail({ seq }: Position, heads: readonly AuditHead[]): string | undefined {
  const lost = heads.find((head) => head.seq > seq);
  return (
    lost &&
    `the tail after seal ${seq} was cut off: seal ${lost.seq} (event ${lost.eventId}) was written down at ${lost.at} and is gone`
  );
}

function bySeq(heads: readonly AuditHead[]): Map<number, AuditHead[]> {
  const grouped = new Map<number, AuditHead[]>();
  for (const head of heads) grouped.set(head.seq, [...(grouped.get(head.seq) ?? []), head]);
  return grouped;
}
