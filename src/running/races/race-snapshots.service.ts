import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { elapsedTimeOf, lengthOf } from '../ghosts/ghost-curve.js';
import { GhostCurves } from '../ghosts/ghost-curves.service.js';
import { unknownRace } from '../running.errors.js';
import type { LiveRun } from './live-run.js';
import type { RivalNow } from './race-field.js';
import { type Position, toGap, toOfficialResult, toRunners } from './race-frames.mapper.js';
import { RaceResultsRepository } from './race-results.repository.js';
import { type RaceView, RaceViews } from './race-views.service.js';
import { type RaceGhostRow, RacesRepository } from './races.repository.js';

/** What of a race is known at a moment, for sockets; and who may follow it. */
@Injectable()
export class RaceSnapshots {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly races: RacesRepository,
    private readonly results: RaceResultsRepository,
    private readonly views: RaceViews,
    private readonly curves: GhostCurves,
  ) {}

  /** Those who take part, and whoever holds an invitation. @throws DomainError unknown race */
  async assertMayWatch(
    caller: Principal,
    raceId: string,
    token: string | undefined,
    now = new Date(),
  ): Promise<void> {
    if (!isUuid(raceId)) throw unknownRace();
    const race = await this.system.run(
      SYSTEM_SCOPE,
      async (tx) =>
        (await this.races.findRace(tx, caller.id, raceId)) ??
        (token === undefined ? null : await this.races.findByInvite(tx, sha256(token), now)),
    );
    if (race?.id !== raceId) throw unknownRace();
  }

  /** Of somebody who may watch it. */
  async ofRace(caller: Principal, raceId: string, positions: readonly Position[]): Promise<object> {
    return this.compose(await this.views.findAny(caller, raceId), positions, null);
  }

  /** Of the runner. */
  async ofRun(
    caller: Principal,
    raceId: string,
    { run, entry }: LiveRun,
    field: { positions: readonly Position[]; rivals: readonly RivalNow[] },
  ): Promise<object> {
    const view = await this.views.findAny(caller, raceId);
    const results = await this.system.run(SYSTEM_SCOPE, (tx) => this.results.listByRun(tx, run.runId));
    const { upTo, missing } = run.state();
    const last = entry?.live?.last ?? null;
    return this.compose(view, field.positions, {
      runId: run.runId,
      upTo,
      missing,
      gap: last === null ? null : toGap(last.fix, last.update, missing.length > 0, field.rivals),
      results: results.map(toOfficialResult),
    });
  }

  private async compose(
    { race, ghosts, participants, callerId }: RaceView,
    positions: readonly Position[],
    run: object | null,
  ): Promise<object> {
    return {
      raceId: race.id,
      mode: race.mode,
      clock: race.clock,
      status: race.status,
      you: participants.find(({ userId }) => userId === callerId)?.number ?? null,
      runners: toRunners(participants),
      positions: positions.map((position) => ({
        who: position.who,
        name: position.name,
        state: position.state,
        along: position.along,
        clock: position.clock,
        gap: position.gap,
        lat: position.lat,
        lon: position.lon,
        at: position.at,
      })),
      ghosts: await Promise.all(ghosts.map((ghost) => this.ghost(ghost))),
      run,
    };
  }

  private async ghost({ ghostId, originGhostId, curveVersion, name }: RaceGhostRow): Promise<object> {
    const curve = curveVersion === null ? null : await this.curves.read(originGhostId, curveVersion);
    return {
      id: ghostId,
      name,
      dist: curve === null ? null : lengthOf(curve),
      s: curve === null ? null : elapsedTimeOf(curve) / 1_000,
    };
  }
}
