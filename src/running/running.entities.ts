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
] as const;
