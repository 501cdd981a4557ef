import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { RaceResults } from '../races/race-results.service.js';
import { RunRaces } from '../races/run-races.service.js';
import { unknownGhost } from '../running.errors.js';
import { paginationOf } from './compat-answer.js';
import { inOriginalNames } from './compat.errors.js';
import { historyQuery, raceBody } from './compat-ghost-bodies.js';
import { resultStatusesOf } from './compat-kinds.js';
import { pageOf } from './compat-page.js';
import type {
  CompatWispRaceHistoryDto,
  CompatWispRaceResultDto,
  CompatWispRaceResultsDto,
} from './compat-races.dto.js';
import { toCompatRaceResult, toPastRace, toRaceSums, toWaitingResult } from './compat-races.mapper.js';
import {
  CompatRacesRepository,
  type PastRaceRow,
  type RaceSums,
  type WaitingRow,
} from './compat-races.repository.js';

const NAMES = { ghostIds: 'ghost_id' };

/** Races against ghosts as the original's app tells of them and reads them. */
@Injectable()
export class CompatRaces {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly racing: RunRaces,
    private readonly results: RaceResults,
    private readonly rows: CompatRacesRepository,
  ) {}

  /**
   * Has a run judged against a ghost. Again is no second time.
   * @throws DomainError unknown run or ghost; a ghost without a curve; a run in a race with others
   */
  async save(caller: Principal, body: unknown): Promise<CompatWispRaceResultDto> {
    const { run_id, ghost_id } = parseInput(raceBody, body);
    await inOriginalNames(NAMES, () => this.racing.race(caller, run_id, ghost_id));
    const { race_results: results } = await this.ofRun(caller, run_id);
    const result = results.find(({ ghost }) => ghost.id === ghost_id);
    if (result === undefined) throw unknownGhost(); // taken away a moment ago
    return result;
  }

  /** Of an own run, against each ghost. @throws DomainError unknown run */
  async ofRun(caller: Principal, runId: string): Promise<CompatWispRaceResultsDto> {
    // Those that wait first: what is judged between the two reads is told once, and not missed.
    const rows = isUuid(runId)
      ? await this.system.read<WaitingRow>(SYSTEM_SCOPE, this.rows.listWaiting(caller.id, runId))
      : [];
    const judged = (await this.results.ofRun(caller, runId)).map(toCompatRaceResult);
    const told = new Set(judged.map(({ ghost }) => ghost.id));
    const waiting = rows.map((row) => toWaitingResult(runId.toLowerCase(), row));
    return { race_results: [...judged, ...waiting.filter(({ ghost }) => !told.has(ghost.id))] };
  }

  /** The newest runs first, with what all of them come to. */
  async history(caller: Principal, query: unknown): Promise<CompatWispRaceHistoryDto> {
    const { page, limit, ghost_id, result_status } = parseInput(historyQuery, query);
    const ghostId = ghost_id ?? null;
    const statuses = result_status === undefined ? null : resultStatusesOf(result_status);
    const read = (most: number, offset: number): Promise<PastRaceRow[]> =>
      this.uow.read(caller, this.rows.listHistory(caller.id, ghostId, statuses, most, offset));
    const { rows, total } = await pageOf(read, limit, (page - 1) * limit);
    const [sums] = await this.uow.read<RaceSums>(caller, this.rows.sum(caller.id, ghostId));
    return {
      race_history: rows.map(toPastRace),
      summary: toRaceSums(sums!),
      pagination: paginationOf({ page, limit }, total),
    };
  }
}
