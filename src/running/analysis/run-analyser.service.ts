import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { ANALYSIS_RULES_VERSION, analyseRun } from './analyse-run.js';
import { AnalysesRepository } from './analyses.repository.js';
import { toAnalysisRow } from './analysis-row.mapper.js';

/** Works out and stores analyses, for whichever job asks. */
@Injectable()
export class RunAnalyser {
  constructor(
    private readonly uow: SystemUnitOfWork,
    private readonly tracks: RunTracks,
    private readonly analyses: AnalysesRepository,
    private readonly profiler: Profiler,
  ) {}

  /**
   * Reads the track and thinks, outside of the transaction that stores.
   * @throws the signal's reason
   * @returns what stores it; null when there is no track (any more)
   */
  async analyse(runId: string, signal?: AbortSignal): Promise<((tx: Tx) => Promise<void>) | null> {
    const stored = await this.uow.run(SYSTEM_SCOPE, (tx) => this.tracks.find(tx, runId));
    if (stored === null) return null;
    const analysis = await this.profiler.time('running.analyse-run', () =>
      runInTurns(analyseRun(stored.track, stored.pauses), signal),
    );
    const row = toAnalysisRow(stored, ANALYSIS_RULES_VERSION, analysis, new Date());
    return async (tx) => {
      if (await this.analyses.upsertAnalysis(tx, row))
        await this.analyses.replaceEfforts(tx, runId, stored.userId, analysis.bestEfforts);
    };
  }
}
