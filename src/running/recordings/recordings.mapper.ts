import type { FixAck } from './open-run.js';
import type { FixesTakenDto } from './recordings.dto.js';

export function toFixesTakenDto({ runId, upTo, missing, duplicates, conflicts }: FixAck): FixesTakenDto {
  return { runId, upTo, missing: missing.map(([from, to]) => [from, to]), duplicates, conflicts };
}
