import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { fixAt, indexOfSeq } from './fix-columns.js';
import { isSameFix } from './fix.js';
import { FixesRepository, type RunFixes } from './fixes.repository.js';
import { FOLD_RUN } from './recordings.jobs.js';

/** What became of the fixes of one run. */
export interface StoredFixes {
  readonly insertedCount: number;
  readonly duplicates: number;
  readonly conflicts: number;
}

/** The one way of fixes into the database, whether they come by REST or by socket. */
@Injectable()
export class FixStore {
  constructor(
    private readonly fixes: FixesRepository,
    private readonly jobs: Jobs,
  ) {}

  /**
   * In the scope of the runner or of the platform. Fixes of a run that is finished ask for another fold in the same transaction.
   * @param runs each once, in the order of their ids
   * @returns by run; one that is not there is missing
   */
  async store(tx: Tx, runs: readonly RunFixes[]): Promise<Map<string, StoredFixes>> {
    await this.fixes.lockInserting(tx);
    const inserted = await this.fixes.insertFixes(tx, runs);
    const sent = new Map(runs.map((run) => [run.runId, run]));
    const stored = new Map<string, StoredFixes>();
    const late: { runId: string }[] = [];
    for (const { runId, status, isFolded, insertedCount } of inserted) {
      const run = sent.get(runId)!;
      const duplicates = run.fixes.length - insertedCount;
      const conflicts = duplicates === 0 ? 0 : await this.countConflicts(tx, run, isFolded);
      stored.set(runId, { insertedCount, duplicates, conflicts });
      if (status === 'finished' && insertedCount > 0) late.push({ runId });
    }
    await this.jobs.enqueueShared(tx, FOLD_RUN, late);
    return stored;
  }

  /** How many say something else than the one of their number that is stored. */
  private async countConflicts(
    tx: Tx,
    { userId, runId, fixes }: RunFixes,
    isFolded: boolean,
  ): Promise<number> {
    const seqs = fixes.map(({ seq }) => seq);
    const waiting = await this.fixes.listFixes(tx, userId, runId, seqs);
    const folded = isFolded ? await this.fixes.findFolded(tx, runId) : undefined;
    return fixes.filter((fix) => {
      const known = [folded, waiting].find((columns) => columns && indexOfSeq(columns, fix.seq) >= 0);
      return known !== undefined && !isSameFix(fix, fixAt(known, indexOfSeq(known, fix.seq)));
    }).length;
  }
}
