import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { OpenGhosts } from '../ghosts/open-ghosts.service.js';
import { unknownRun } from '../running.errors.js';
import type { RaceClock } from './race-kinds.js';
import { RaceEntries } from './race-entries.service.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { assertFit, RacesService } from './races.service.js';

/** How somebody wants to race: in a race that was made, or against ghosts without having planned it. */
export interface RaceStart {
  readonly raceId?: string | undefined;
  readonly ghostIds?: readonly string[] | undefined;
  readonly runId: string;
  readonly mode?: RaceClock | undefined;
}

/** Starts of races by socket. Each may come again after a break: the run then races on where it is. */
@Injectable()
export class RaceStarts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly participants: RaceParticipantsRepository,
    private readonly ghosts: OpenGhosts,
    private readonly races: RacesService,
    private readonly entries: RaceEntries,
  ) {}

  /** @throws DomainError unknown race, ghost or run; whatever keeps the run from it */
  async start(caller: Principal, { raceId, ghostIds, runId, mode }: RaceStart): Promise<void> {
    if (raceId !== undefined) {
      await this.entries.startRace(caller, raceId, runId);
      return;
    }
    const usable = await this.ghosts.usable(caller.id, ghostIds ?? []);
    assertFit('ghosts', usable, caller.id);
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if ((await this.participants.findRun(tx, caller.id, runId)) === null) throw unknownRun();
      if ((await this.participants.findByRun(tx, runId)) !== null) return;
      const wish = { mode: 'ghosts', clock: mode ?? 'elapsed' } as const;
      const { race } = await this.races.insert(tx, caller, wish, usable);
      await this.entries.startIn(tx, caller, race.id, runId);
    });
  }
}
