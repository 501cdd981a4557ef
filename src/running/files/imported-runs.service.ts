import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import { RunWriter } from '../runs/run-writer.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { ImportedActivity } from './pack-activity.js';
import { RunImportsRepository } from './run-imports.repository.js';
import { isSameRun, SAME_START_MS } from './same-run.js';

/** What became of an activity; a duplicate names the run that is there. */
export interface ImportedRun {
  readonly outcome: 'imported' | 'duplicate';
  readonly code: 'same-file' | 'same-run' | null;
  readonly runId: string;
}

/** Makes runs of activities, once. Called under the runner's scope in the transaction that remembers what came of the file. */
@Injectable()
export class ImportedRuns {
  constructor(
    private readonly runs: RunsRepository,
    private readonly writer: RunWriter,
    private readonly imports: RunImportsRepository,
    private readonly preferences: PreferencesReader,
  ) {}

  async take(tx: Tx, run: ImportedActivity): Promise<ImportedRun> {
    const { userId, externalId } = run;
    await this.runs.lockChanges(tx, userId);
    const known = await this.runs.findByExternalId(tx, userId, 'imported', externalId);
    if (known) return { outcome: 'duplicate', code: 'same-file', runId: known.id };
    const same = await this.findSame(tx, run);
    if (same !== null) return { outcome: 'duplicate', code: 'same-run', runId: same };
    const timeZone = await this.preferences.timeZoneOf(tx, userId);
    const { runId } = await this.writer.insertFinished(tx, { ...run, timeZone });
    return { outcome: 'imported', code: null, runId };
  }

  /** Of whatever source: what was recorded here and exported from a watch as well is one run. */
  private async findSame(tx: Tx, { userId, startedAtMs, summary }: ImportedActivity): Promise<string | null> {
    const near = await this.imports.listRunsAround(tx, userId, new Date(startedAtMs), SAME_START_MS);
    const distanceM = summary.distanceBasis === 'none' ? null : summary.distanceM;
    const ours = { startedAtMs, distanceM };
    const same = near.find((run) =>
      isSameRun(ours, { startedAtMs: run.startedAt.getTime(), distanceM: run.distanceM }),
    );
    return same?.id ?? null;
  }
}
