import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeCurve } from '../ghosts/ghost-curve-codec.js';
import { arrivalMsAt, type GhostCurve } from '../ghosts/ghost-curve.js';
import { GhostCurvesRepository } from '../ghosts/ghost-curves.repository.js';
import { GhostSourcesRepository } from '../ghosts/ghost-sources.repository.js';
import { OpenGhostsRepository } from '../ghosts/open-ghosts.repository.js';
import { RunTracks, type StoredTrack } from '../runs/run-tracks.service.js';
import { encodeGapCurve } from './gap-curve-codec.js';
import { heartRatePairs } from './heart-rate-pairs.js';
import type { HeartRatePair } from './race-kinds.js';
import {
  type ParticipantFigures,
  type ParticipantHead,
  RaceParticipantsRepository,
} from './race-participants.repository.js';
import { RaceResultsRepository } from './race-results.repository.js';
import { type RaceGhostRow, type RaceRow, RacesRepository } from './races.repository.js';
import { marksOf } from './result-marks.js';
import { RESULT_RULES_VERSION, settle, type SettledFigures } from './settled-result.js';

/**
 * Official results: from the whole track of a run, whenever it has got another one. Safe to repeat; a result that comes out the same stays the
 * version that it is. Where a ghost is gone, what was settled against it stands.
 */
@Injectable()
export class SettleRaces {
  constructor(
    private readonly races: RacesRepository,
    private readonly participants: RaceParticipantsRepository,
    private readonly results: RaceResultsRepository,
    private readonly tracks: RunTracks,
    private readonly curves: GhostCurvesRepository,
    private readonly sources: GhostSourcesRepository,
    private readonly open: OpenGhostsRepository,
  ) {}

  /** @param tx of the platform's role @returns the race, where the run is in one and has been judged */
  async settle(tx: Tx, runId: string): Promise<{ raceId: string } | null> {
    const found = await this.participants.findByRun(tx, runId);
    const race = found === null ? null : await this.races.lockAnyRace(tx, found.raceId);
    // Looked at again under the race's lock: somebody may have left it meanwhile.
    const entry = race === null ? null : await this.participants.findByRun(tx, runId);
    const run = entry === null ? null : await this.participants.findRun(tx, entry.userId, runId);
    if (race === null || entry === null || run?.status !== 'finished') return null;
    const stored = await this.tracks.find(tx, runId);
    if (stored === null) {
      await this.participants.updateFigures(tx, race.id, entry.userId, NOTHING_RUN);
    } else {
      const ghosts = await this.races.listGhosts(tx, [race.id]);
      for (const ghost of ghosts) await this.settleAgainst(tx, { race, entry, stored }, ghost);
    }
    await this.races.updateStatus(tx, race.id);
    return { raceId: race.id };
  }

  private async settleAgainst(tx: Tx, of: Settling, ghost: RaceGhostRow): Promise<void> {
    const { race, entry, stored } = of;
    const version = ghost.curveVersion;
    const bytes = version === null ? null : await this.curves.findCurve(tx, ghost.originGhostId, version);
    if (version === null || bytes === null) return;
    const curve = decodeCurve(bytes);
    const figures = settle(stored.track, stored.pauses, curve, race.clock);
    const { gapCurve, startedAtMs, leftRoute: _leftRoute, ...told } = figures;
    const marks = marksOf(stored.track, stored.pauses, figures);
    await this.results.upsertResult(tx, {
      ...told,
      id: uuidv7(),
      runId: stored.runId,
      ghostId: ghost.ghostId,
      userId: entry.userId,
      raceId: race.id,
      originGhostId: ghost.originGhostId,
      ghostName: ghost.name,
      ghostType: ghost.type,
      startedAt: startedAtMs === null ? null : new Date(stored.startedAtMs + Math.round(startedAtMs)),
      heartRates: await this.heartRates(tx, of, ghost, curve, figures),
      plausibility: marks,
      gapCurve: encodeGapCurve(gapCurve),
      curveVersion: version,
      trackVersion: stored.version,
      rulesVersion: RESULT_RULES_VERSION,
    });
    if (ghost.position === 0)
      await this.participants.updateFigures(tx, race.id, entry.userId, {
        ...overCourse(figures),
        plausibility: marks,
      });
    await this.open.updateUse(tx, ghost.originGhostId);
  }

  /** Hearts of others are nobody's: only where the ghost is a single run of the very runner. */
  private async heartRates(
    tx: Tx,
    { entry, stored }: Settling,
    { originGhostId }: RaceGhostRow,
    curve: GhostCurve,
    { splits, gapCurve, startedAtMs }: SettledFigures,
  ): Promise<HeartRatePair[]> {
    const sources = await this.sources.listSources(tx, originGhostId);
    const [source] = sources;
    if (source === undefined || sources.length > 1 || source.userId !== entry.userId || startedAtMs === null)
      return [];
    const ghost = await this.tracks.find(tx, source.runId);
    if (ghost === null) return [];
    const user = { alongM: gapCurve.alongM, tMs: gapCurve.timeS.map((s) => startedAtMs + s * 1_000) };
    const { distanceM } = curve;
    const offsetMs = source.fromMs + curve.startOffsetMs;
    const places = { alongM: distanceM, tMs: distanceM.map((m) => offsetMs + arrivalMsAt(curve, m)) };
    return heartRatePairs(
      splits.map((split) => split.distanceM),
      { track: stored.track, places: user },
      { track: ghost.track, places },
    );
  }
}

interface Settling {
  readonly race: RaceRow;
  readonly entry: ParticipantHead;
  readonly stored: StoredTrack;
}

const NOTHING_RUN: ParticipantFigures = {
  state: 'abandoned',
  officialTimeS: null,
  errorBarS: null,
  distanceCompletedM: 0,
  completionRatio: 0,
  plausibility: [],
  progress: null,
};

function overCourse(figures: SettledFigures): Omit<ParticipantFigures, 'plausibility'> {
  return {
    state: figures.userTimeS === null ? 'abandoned' : 'finished',
    officialTimeS: figures.userTimeS,
    errorBarS: figures.errorBarS,
    distanceCompletedM: figures.distanceCompletedM,
    completionRatio: figures.completionRatio,
    progress: encodeGapCurve(figures.gapCurve),
  };
}
