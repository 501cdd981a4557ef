import type { FilePurpose } from '../../platform/storage/file-purposes.js';

/** A file of runs until its job has worked through it. Which format it is, and whether it is one, the readers tell; here it is only looked over. */
export const RUN_IMPORT_FILE: FilePurpose = {
  name: 'run-import',
  maxBytes: 256 * 1_048_576,
  mediaTypes: ['application/zip', 'application/gzip', 'application/xml', 'application/vnd.ant.fit'],
  picture: undefined,
  keptDays: 7,
  isCounted: true,
};

/** Its body is bytes, which no parser shall touch. */
export const RUN_IMPORT_ROUTE = {
  method: 'POST',
  path: '/api/v1/running/imports',
  types: [
    'application/octet-stream',
    'application/zip',
    'application/gzip',
    'application/gpx+xml',
    'application/xml',
    'text/xml',
    'application/vnd.garmin.tcx+xml',
    'application/vnd.ant.fit',
  ],
} as const;
