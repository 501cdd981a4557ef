import { ApiPerformanceLogEntity } from './api-performance-log.entity.js';
import { ErrorGroupEntity } from './error-group.entity.js';

/** Tables of this room. */
export const PROFILING_ENTITIES = [ApiPerformanceLogEntity, ErrorGroupEntity] as const;
