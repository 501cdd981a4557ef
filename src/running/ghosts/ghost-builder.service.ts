import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { costOfGrade } from '../analysis/grade-cost.js';
import { noGhostInIt } from '../running.errors.js';
import { RunTracks, type StoredTrack } from '../runs/run-tracks.service.js';
import { bestSections, COMPOSITE_SECTION_M, type CompositeRun, compositeRunOf } from './composite-ghost.js';
import { courseOf } from './course-profile.js';
import { CURVE_RULES_VERSION } from './curve-rules.js';
import { encodeCurve } from './ghost-curve-codec.js';
import { elapsedTimeOf, type GhostCurve, ghostCurveOf, lengthOf } from './ghost-curve.js';
import { GhostCurvesRepository } from './ghost-curves.repository.js';
import type { GhostPlan } from './ghost-plans.service.js';
import { GhostSourcesRepository, type GhostSourceRow } from './ghost-sources.repository.js';
import { BUILD_GHOST } from './ghosts.jobs.js';
import type { GhostRow } from './ghosts.repository.js';
import { hillAwareCurve, splitsCurve, splitsOnCourse } from './goal-curve.js';
import { sectionOf } from './track-section.js';

/** Makes curves of what ghosts are made of. Each is another version; races that have begun keep theirs. */
@Injectable()
export class GhostBuilder {
  constructor(
    private readonly tracks: RunTracks,
    private readonly curves: GhostCurvesRepository,
    private readonly sources: GhostSourcesRepository,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Notes what a new or changed ghost is made of, and makes its curve: at once, or by a job where that takes long.
   * @throws DomainError there is none in it
   */
  async begin(tx: Tx, ghost: GhostRow, { sources, isLong }: GhostPlan): Promise<void> {
    await this.sources.deleteSources(tx, ghost.id);
    if (sources.length > 0) await this.sources.insertSources(tx, sources);
    if (ghost.type === 'shared') return;
    if (isLong) await this.jobs.enqueue(tx, { id: ghost.userId }, BUILD_GHOST, { ghostId: ghost.id });
    else if (!(await this.build(tx, ghost)))
      throw noGhostInIt('runId', 'is too short to race, or has no way');
  }

  /** @returns false where there is no curve in it; the ghost says so then */
  async build(tx: Tx, ghost: GhostRow): Promise<boolean> {
    const sources = await this.sources.listSources(tx, ghost.id);
    const { curve, versions } =
      ghost.type === 'composite'
        ? await this.compose(tx, ghost, sources)
        : await this.make(tx, ghost, sources);
    if (curve === null) {
      await this.curves.updateFailed(tx, ghost.id);
      return false;
    }
    const version = (ghost.curveVersion ?? 0) + 1;
    const bytes = Buffer.from(encodeCurve(curve));
    await this.curves.insertCurve(tx, ghost, { version, rulesVersion: CURVE_RULES_VERSION, curve: bytes });
    for (const [runId, trackVersion] of versions)
      await this.sources.updateVersion(tx, ghost.id, runId, trackVersion);
    await this.curves.updateReady(tx, ghost.id, {
      curveVersion: version,
      basis: curve.basis,
      distanceM: lengthOf(curve),
      durationS: elapsedTimeOf(curve) / 1_000,
    });
    return true;
  }

  private async make(tx: Tx, ghost: GhostRow, [source]: readonly GhostSourceRow[]): Promise<MadeCurve> {
    if (ghost.splits !== null && source === undefined)
      return { curve: splitsCurve(ghost.splits), versions: new Map() };
    const stored = source === undefined ? null : await this.tracks.find(tx, source.runId);
    if (source === undefined || stored === null) return NONE;
    return { curve: curveOf(ghost, source, stored), versions: new Map([[stored.runId, stored.version]]) };
  }

  /** One run after another: thirty tracks at once would be a lot to hold, and each is a while to work out. */
  private async compose(tx: Tx, ghost: GhostRow, sources: readonly GhostSourceRow[]): Promise<MadeCurve> {
    const versions = new Map<string, number>();
    const runs: CompositeRun[] = [];
    let reference: { id: string; curve: GhostCurve } | undefined;
    for (const { runId } of sources) {
      const stored = await this.tracks.find(tx, runId);
      if (stored === null) return NONE;
      versions.set(runId, stored.version);
      if (reference === undefined) {
        const curve = ghostCurveOf(stored.track, stored.pauses);
        if (curve === null) return NONE;
        reference = { id: runId, curve };
      } else {
        const run = compositeRunOf(reference.curve, { ...stored, id: runId });
        if (run !== null) runs.push(run);
      }
    }
    if (reference === undefined) return NONE;
    const { curve } = bestSections(
      reference.curve,
      reference.id,
      runs,
      ghost.sectionM ?? COMPOSITE_SECTION_M,
    );
    return { curve, versions };
  }
}

interface MadeCurve {
  readonly curve: GhostCurve | null;
  /** Of the tracks that it is made of, by run. */
  readonly versions: ReadonlyMap<string, number>;
}
const NONE: MadeCurve = { curve: null, versions: new Map() };

/** Null where there is no way in it. */
function curveOf(ghost: GhostRow, { fromMs, toMs }: GhostSourceRow, stored: StoredTrack): GhostCurve | null {
  const { track, pauses } = sectionOf(stored.track, stored.pauses, fromMs, toMs);
  const curve = ghostCurveOf(track, pauses);
  if (curve === null) return null;
  if (ghost.splits !== null) return splitsOnCourse(curve, ghost.splits);
  if (ghost.type === 'custom_goal')
    return hillAwareCurve(courseOf(track, curve), ghost.durationS * 1_000, (grade) => costOfGrade(grade));
  return ghost.basis === 'distance' ? { ...curve, basis: 'distance', route: null } : curve;
}
