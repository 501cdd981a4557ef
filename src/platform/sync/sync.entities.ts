import { SyncAbsenceEntity } from './sync-absence.entity.js';
import { SyncGapEntity } from './sync-gap.entity.js';
import { SyncRunStreamEntity } from './sync-run-stream.entity.js';
import { SyncRunEntity } from './sync-run.entity.js';
import { SyncSeenEntity } from './sync-seen.entity.js';
import { SyncWatermarkEntity } from './sync-watermark.entity.js';

/** Tables of the sync room. */
export const SYNC_ENTITIES = [
  SyncRunEntity,
  SyncRunStreamEntity,
  SyncWatermarkEntity,
  SyncSeenEntity,
  SyncAbsenceEntity,
  SyncGapEntity,
] as const;
