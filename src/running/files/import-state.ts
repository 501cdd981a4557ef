export type ImportState = 'running' | 'finished' | 'stopped';

/** States in which a job does nothing more for its import. One that is `done` has finished it in the same transaction. */
const GIVEN_UP: ReadonlySet<string> = new Set(['dead', 'cancelled']);

/**
 * Where an import stands is said by two rows: its own and its job's, which may end without having finished it.
 * @param jobState undefined when its row is gone, as rows of jobs are some days after their end
 */
export function importState(finishedAt: Date | null, jobState: string | undefined): ImportState {
  if (finishedAt !== null) return 'finished';
  return jobState === undefined || GIVEN_UP.has(jobState) ? 'stopped' : 'running';
}
