import { BestEffortEntity } from './analysis/best-effort.entity.js';
import { RunAnalysisEntity } from './analysis/run-analysis.entity.js';
import { RunnerPreferenceEntity } from './profiles/runner-preference.entity.js';
import { RunnerProfileEntity } from './profiles/runner-profile.entity.js';
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
  RunAnalysisEntity,
  BestEffortEntity,
] as const;
