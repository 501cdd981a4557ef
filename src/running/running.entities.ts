import { RunImportItemEntity } from './files/run-import-item.entity.js';
import { RunImportEntity } from './files/run-import.entity.js';
import { GhostCurveEntity } from './ghosts/ghost-curve.entity.js';
import { GhostSourceEntity } from './ghosts/ghost-source.entity.js';
import { GhostEntity } from './ghosts/ghost.entity.js';
import { BestEffortEntity } from './analysis/best-effort.entity.js';
import { RunAnalysisEntity } from './analysis/run-analysis.entity.js';
import { RunnerPreferenceEntity } from './profiles/runner-preference.entity.js';
import { RunnerProfileEntity } from './profiles/runner-profile.entity.js';
import { RaceGhostEntity } from './races/race-ghost.entity.js';
import { RaceParticipantEntity } from './races/race-participant.entity.js';
import { RaceResultEntity } from './races/race-result.entity.js';
import { RaceEntity } from './races/race.entity.js';
import { RouteCellEntity } from './routes/route-cell.entity.js';
import { RouteShapeEntity } from './routes/route-shape.entity.js';
import { RouteEntity } from './routes/route.entity.js';
import { RunRouteEntity } from './routes/run-route.entity.js';
import { FixEntity } from './recordings/fix.entity.js';
import { FoldedFixesEntity } from './recordings/folded-fixes.entity.js';
import { RunEventEntity } from './recordings/run-event.entity.js';
import { RunTombstoneEntity } from './runs/run-tombstone.entity.js';
import { RunEntity } from './runs/run.entity.js';
import { TrackEntity } from './runs/track.entity.js';

/** Tables of running. */
export const RUNNING_ENTITIES = [
  RunEntity,
  RunTombstoneEntity,
  FixEntity,
  FoldedFixesEntity,
  RunEventEntity,
  TrackEntity,
  RunnerProfileEntity,
  RunnerPreferenceEntity,
  GhostEntity,
  GhostSourceEntity,
  GhostCurveEntity,
  RaceEntity,
  RaceGhostEntity,
  RaceParticipantEntity,
  RaceResultEntity,
  RunAnalysisEntity,
  BestEffortEntity,
  RunImportEntity,
  RunImportItemEntity,
  RouteEntity,
  RouteShapeEntity,
  RouteCellEntity,
  RunRouteEntity,
] as const;
