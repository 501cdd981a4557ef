import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import type { UsableGhost } from '../ghosts/open-ghosts.repository.js';
import { OpenGhosts } from '../ghosts/open-ghosts.service.js';
import { ghostNotReady, invalidRace, runRacesAlready, unknownRun } from '../running.errors.js';
import { MOST_RACE_GHOSTS } from './race-kinds.js';
import { RaceEntries } from './race-entries.service.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { SETTLE_RACES } from './races.jobs.js';
import { RacesRepository } from './races.repository.js';
import { assertFit, RacesService } from './races.service.js';

/** Races that are told of afterwards: a run, and one ghost after the other that it was run against. */
@Injectable()
export class RunRaces {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly ghosts: OpenGhosts,
    private readonly making: RacesService,
    private readonly entries: RaceEntries,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Has the run judged against the ghost, by a job: in its race where it is in one, or else in a new one. Again is no second time.
   * @throws DomainError unknown run or ghost; a ghost without a curve; a run in a race with others, or against as many ghosts as there may be
   */
  async race(caller: Principal, runId: string, ghostId: string): Promise<void> {
    const [ghost] = await this.ghosts.usable(caller.id, [ghostId]);
    assertFit('ghosts', [ghost!], caller.id);
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const run = await this.participants.findRun(tx, caller.id, runId);
      if (run === null) throw unknownRun();
      const entry = await this.participants.findByRun(tx, run.id);
      if (entry !== null) {
        await this.add(tx, caller, entry.raceId, ghost!);
        if (run.status === 'finished') await this.jobs.enqueueShared(tx, SETTLE_RACES, [{ runId: run.id }]);
        return;
      }
      const { race } = await this.making.insert(tx, caller, { mode: 'ghosts', clock: 'elapsed' }, [ghost!]);
      await this.entries.startIn(tx, caller, race.id, run.id);
    });
  }

  private async add(tx: Tx, caller: Principal, raceId: string, ghost: UsableGhost): Promise<void> {
    const race = await this.races.lockRace(tx, caller.id, raceId);
    if (race?.mode !== 'ghosts') throw runRacesAlready();
    const rivals = await this.races.listGhosts(tx, [raceId]);
    if (rivals.some(({ ghostId }) => ghostId === ghost.id)) return;
    if (rivals.length >= MOST_RACE_GHOSTS)
      throw invalidRace('ghostIds', `are ${MOST_RACE_GHOSTS} already, the most of one race`);
    await this.races.insertGhosts(tx, [
      {
        raceId,
        position: rivals.at(-1)!.position + 1,
        userId: race.userId,
        ghostId: ghost.id,
        originGhostId: ghost.originId,
        name: ghost.name,
        type: ghost.type,
      },
    ]);
    if ((await this.races.pinCurves(tx, raceId)).length > 0) throw ghostNotReady();
  }
}
