import type { FilePurpose } from '../../platform/storage/file-purposes.js';

const MIB = 1_048_576;

/** A file of Langfuse's blob export, until it has been taken over; one that never is goes after a week. */
export const LANGFUSE_EXPORT: FilePurpose = {
  name: 'langfuse-export',
  maxBytes: 256 * MIB,
  mediaTypes: ['application/gzip', 'application/x-ndjson'],
  picture: undefined,
  keptDays: 7,
  isCounted: false,
};

/** Its body is bytes, which no parser shall touch. */
export const EXPORT_ROUTE = {
  method: 'POST',
  path: '/api/v1/agent-analytics/sync/imports',
  types: ['application/octet-stream', 'application/gzip'],
} as const;
