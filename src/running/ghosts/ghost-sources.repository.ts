import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { GhostSourceEntity } from './ghost-source.entity.js';

export type GhostSourceRow = GhostSourceEntity;

/** A run that a ghost is made of, as far as others are concerned; nulls where it is gone. */
export interface SourceRun {
  readonly runId: string;
  readonly source: string | null;
  readonly privacy: string | null;
}

/** What ghosts are made of, in the scope of their owner or of the platform. */
@Injectable()
export class GhostSourcesRepository {
  async insertSources(tx: Tx, sources: readonly GhostSourceRow[]): Promise<void> {
    await tx.query({
      name: 'running.ghost-sources.insert-sources',
      text: `INSERT INTO running.ghost_source (ghost_id, position, user_id, run_id, from_ms, to_ms, track_version)
             SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::float8[], $6::float8[], $7::int[])`,
      values: [
        sources.map(({ ghostId }) => ghostId),
        sources.map(({ position }) => position),
        sources.map(({ userId }) => userId),
        sources.map(({ runId }) => runId),
        sources.map(({ fromMs }) => fromMs),
        sources.map(({ toMs }) => toMs),
        sources.map(({ trackVersion }) => trackVersion),
      ],
    });
  }

  async deleteSources(tx: Tx, ghostId: string): Promise<void> {
    await tx.query({
      name: 'running.ghost-sources.delete-sources',
      text: 'DELETE FROM running.ghost_source WHERE ghost_id = $1',
      values: [ghostId],
    });
  }

  /** In the order in which they are run. */
  listSources(tx: Tx, ghostId: string): Promise<GhostSourceRow[]> {
    return tx.query<GhostSourceRow>({
      name: 'running.ghost-sources.list-sources',
      text: `SELECT ghost_id AS "ghostId", position, user_id AS "userId", run_id AS "runId", from_ms AS "fromMs", to_ms AS "toMs",
               track_version AS "trackVersion"
             FROM running.ghost_source WHERE ghost_id = $1 ORDER BY position`,
      values: [ghostId],
    });
  }

  listRuns(tx: Tx, ghostId: string): Promise<SourceRun[]> {
    return tx.query<SourceRun>({
      name: 'running.ghost-sources.list-runs',
      text: `SELECT DISTINCT s.run_id AS "runId", r.source, r.privacy
             FROM running.ghost_source s LEFT JOIN running.run r ON r.id = s.run_id AND r.user_id = s.user_id
             WHERE s.ghost_id = $1`,
      values: [ghostId],
    });
  }

  async updateVersion(tx: Tx, ghostId: string, runId: string, trackVersion: number): Promise<void> {
    await tx.query({
      name: 'running.ghost-sources.update-version',
      text: 'UPDATE running.ghost_source SET track_version = $3 WHERE ghost_id = $1 AND run_id = $2',
      values: [ghostId, runId, trackVersion],
    });
  }
}
