// Where an import stands is said by two rows: its own, and that of the job that applies it. The job may end without having
// finished (cancelled, or dead after its last try); then the import is stopped, keeps its parts and its position, and is started
// again or discarded.

export type ImportState = 'uploading' | 'running' | 'finished' | 'stopped';

/** States in which a job does nothing more for its import. A job that is `done` has finished it in the same transaction. */
const GIVEN_UP: ReadonlySet<string> = new Set(['dead', 'cancelled']);

/**
 * @param row an import that may have a job
 * @param jobState of that job; undefined when its row is gone, as rows of jobs are some days after their end
 */
export function importState(
  row: { jobId: string | null; finishedAt: Date | null },
  jobState: string | undefined,
): ImportState {
  if (row.finishedAt !== null) return 'finished';
  if (row.jobId === null) return 'uploading';
  return jobState === undefined || GIVEN_UP.has(jobState) ? 'stopped' : 'running';
}
