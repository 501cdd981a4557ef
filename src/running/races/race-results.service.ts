import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRun } from '../running.errors.js';
import { decodeGapCurve, type GapCurve } from './gap-curve-codec.js';
import { RaceParticipantsRepository } from './race-participants.repository.js';
import { type HistorySummary, type ResultHead, RaceResultsRepository } from './race-results.repository.js';
import { type RaceView, RaceViews } from './race-views.service.js';

/** The curves of a race that somebody took part in. */
export interface RaceReplay {
  readonly raceId: string;
  readonly ghosts: readonly { ghostId: string; name: string; curve: GapCurve }[];
  readonly mine: GapCurve | null;
  readonly rivals: readonly { number: number; name: string | null; curve: GapCurve }[];
}

export interface RaceHistory {
  readonly rows: readonly ResultHead[];
  readonly summary: HistorySummary;
}

/** What came out of races, for those who ran them. */
@Injectable()
export class RaceResults {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly results: RaceResultsRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly views: RaceViews,
  ) {}

  /** @throws DomainError unknown race */
  async ofRace(caller: Principal, raceId: string): Promise<{ view: RaceView; rows: readonly ResultHead[] }> {
    const view = await this.views.find(caller, raceId);
    const rows = await this.uow.run(caller, (tx) => this.results.listByRace(tx, caller.id, view.race.id));
    return { view, rows };
  }

  /** Of an own run; none where it was in no race. @throws DomainError unknown run */
  ofRun(caller: Principal, runId: string): Promise<ResultHead[]> {
    return this.uow.run(caller, async (tx) => {
      const run = isUuid(runId) ? await this.participants.findRun(tx, caller.id, runId) : null;
      if (run === null) throw unknownRun();
      return this.results.listByRun(tx, runId);
    });
  }

  /** Newest first, with what all of them come to. @param before only older ones than this id */
  history(caller: Principal, before: string | null, limit: number): Promise<RaceHistory> {
    return this.uow.run(caller, async (tx) => ({
      rows: await this.results.listPage(tx, caller.id, before, limit),
      summary: await this.results.summarize(tx, caller.id),
    }));
  }

  /** @throws DomainError unknown race */
  async replay(caller: Principal, raceId: string): Promise<RaceReplay> {
    const { race, participants } = await this.views.find(caller, raceId);
    const ghosts = await this.uow.run(caller, (tx) => this.results.listCurves(tx, caller.id, race.id));
    const progress = await this.system.run(SYSTEM_SCOPE, (tx) => this.participants.listProgress(tx, race.id));
    const mine = progress.find(({ userId }) => userId === caller.id)?.progress;
    return {
      raceId: race.id,
      ghosts: ghosts.flatMap(({ ghostId, ghostName, gapCurve }) =>
        gapCurve === null ? [] : [{ ghostId, name: ghostName, curve: decodeGapCurve(gapCurve) }],
      ),
      mine: mine ? decodeGapCurve(mine) : null,
      rivals: progress
        .filter(({ userId }) => userId !== caller.id)
        .map(({ number, progress: curve }) => ({
          number,
          name: participants.find((one) => one.number === number)?.name ?? null,
          curve: decodeGapCurve(curve!),
        })),
    };
  }
}
