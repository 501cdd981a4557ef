import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { GhostBuilder } from '../ghosts/ghost-builder.service.js';
import { GhostCurves } from '../ghosts/ghost-curves.service.js';
import { GhostCurvesRepository } from '../ghosts/ghost-curves.repository.js';
import { Course } from './course.js';
import { WARM_RACES } from './races.jobs.js';
import { RacesRepository } from './races.repository.js';

/** So long before a race its ghosts are made ready. */
const BEFORE_MS = 15 * 60_000;
/** Per run; what is left waits for the next one. */
const MOST = 200;

/** A race that begins now has its curves made and at hand, so that whoever starts waits for none. */
@Injectable()
@HandlesJob(WARM_RACES)
export class WarmRacesHandler implements JobHandler<object> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly rows: GhostCurvesRepository,
    private readonly builder: GhostBuilder,
    private readonly curves: GhostCurves,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    const due = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.races.listToWarm(tx, new Date(Date.now() + BEFORE_MS), MOST),
    );
    for (const { id } of due) {
      if (run.signal.aborted) return;
      await this.warm(id);
    }
    await run.once(() => Promise.resolve());
  }

  private async warm(raceId: string): Promise<void> {
    const ghosts = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const rows = await this.races.listGhosts(tx, [raceId]);
      const ready: { id: string; version: number }[] = [];
      for (const { originGhostId: id, curveVersion } of rows) {
        let ghost = await this.rows.lockGhost(tx, id);
        if (ghost?.curveState === 'waiting' && (await this.builder.build(tx, ghost)))
          ghost = await this.rows.lockGhost(tx, id);
        const version = curveVersion ?? ghost?.curveVersion ?? null;
        if (version !== null) ready.push({ id, version });
      }
      await this.races.updateWarmed(tx, raceId);
      return ready;
    });
    for (const { id, version } of ghosts) {
      const curve = await this.curves.read(id, version);
      if (curve?.route != null) Course.of(curve); // kept with the curve
    }
  }
}
