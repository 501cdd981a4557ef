import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { notRecorded, unknownRun } from '../running.errors.js';
import { RunRemovals } from '../runs/run-removals.service.js';
import { RunsService } from '../runs/runs.service.js';
import { inOriginalNames, invalidField } from './compat.errors.js';
import { fixesOfHeartRates, fixesOfPlaces } from './compat-fixes.js';
import { type NewRunBody, newRunBody, routeBody, runChangeBody } from './compat-run-bodies.js';
import type { CompatRunRow } from './compat-runs.repository.js';
import type { CompatWispGoneDto, CompatWispRouteDto, CompatWispRunDto } from './compat-runs.dto.js';
import { CompatRuns } from './compat-runs.service.js';
import { CompatTracks } from './compat-tracks.service.js';

const NAMES = {
  startedAt: 'started_at',
  'totals/movingTimeS': 'moving_time',
};

/** Runs as the original's app saves, describes and deletes them: the native ones in its words. */
@Injectable()
export class CompatRunWrites {
  constructor(
    private readonly runs: RunsService,
    private readonly removals: RunRemovals,
    private readonly reads: CompatRuns,
    private readonly tracks: CompatTracks,
  ) {}

  /** A run that is over. @throws DomainError invalid fields; totals or times that contradict each other */
  async create(
    caller: Principal,
    body: unknown,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CompatWispRunDto>> {
    const wish = parseInput(newRunBody, body);
    if (wish.user_id != null && wish.user_id.toLowerCase() !== caller.id)
      throw invalidField('user_id', 'is somebody else');
    const made = await inOriginalNames(NAMES, () => this.runs.create(caller, toNewRun(wish), request));
    const { id, startedAt } = made.body;
    const beats = fixesOfHeartRates(wish.heart_rate_data ?? [], Date.parse(startedAt), wish.elapsed_time);
    await this.tracks.take(caller, id, beats);
    return { ...made, body: await this.reads.run(caller, id) };
  }

  /** What is left out stays. @throws DomainError unknown run */
  async change(caller: Principal, id: string, body: unknown): Promise<CompatWispRunDto> {
    const { title, description } = parseInput(runChangeBody, body);
    const change = {
      ...(title !== undefined && { title: noneIfEmpty(title) }),
      ...(description !== undefined && { description: noneIfEmpty(description) }),
    };
    await this.ownRun(caller, id);
    await this.runs.change(caller, id, change, undefined);
    return this.reads.run(caller, id);
  }

  /** With everything that hangs on it. @throws DomainError unknown run */
  async remove(caller: Principal, id: string): Promise<CompatWispGoneDto> {
    await this.ownRun(caller, id);
    await this.removals.remove(caller, id, undefined);
    return { id };
  }

  /**
   * The way of a run that was told in figures, whole or in portions.
   * @throws DomainError unknown run; one that came from elsewhere or has another way; places outside of it
   */
  async saveRoute(caller: Principal, id: string, body: unknown): Promise<CompatWispRouteDto> {
    const { coordinates } = parseInput(routeBody, body);
    const run = await this.ownRun(caller, id);
    if (run.source !== 'app') throw notRecorded();
    const fixes = fixesOfPlaces(coordinates, run.startedAt.getTime());
    if ('index' in fixes) throw invalidField(`coordinates/${fixes.index}/timestamp`, 'is not within the run');
    await this.tracks.take(caller, run.id, fixes);
    return this.reads.route(caller, run.id, 'seconds');
  }

  /** One that is over: to the original no other is a run. @throws DomainError unknown run */
  private async ownRun(caller: Principal, id: string): Promise<CompatRunRow> {
    const run = await this.reads.find(caller, id);
    if (run.userId !== caller.id) throw unknownRun();
    return run;
  }
}

/** What the original lets clients say and follows from other fields is left to follow. */
function toNewRun(wish: NewRunBody) {
  return {
    title: noneIfEmpty(wish.title),
    description: noneIfEmpty(wish.description),
    sport: 'run',
    startedAt: wish.started_at,
    ...(wish.timezone != null && { timeZone: wish.timezone }),
    ...(wish.calories_burned != null && { caloriesKcal: wish.calories_burned }),
    totals: {
      distanceM: wish.distance,
      movingTimeS: wish.moving_time,
      elapsedTimeS: wish.elapsed_time,
      ...(wish.average_heart_rate != null && { averageHeartRateBpm: wish.average_heart_rate }),
      ...(wish.max_heart_rate != null && { maxHeartRateBpm: wish.max_heart_rate }),
      ...(wish.average_cadence != null && { averageCadenceSpm: wish.average_cadence }),
      ...(wish.elevation_gain != null && { elevationGainM: wish.elevation_gain }),
      ...(wish.elevation_loss != null && { elevationLossM: wish.elevation_loss }),
    },
  };
}

function noneIfEmpty(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
