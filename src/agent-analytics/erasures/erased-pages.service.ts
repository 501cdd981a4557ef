import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RawTable } from '../store/raw-tables.js';
import { TextErasuresRepository } from './text-erasures.repository.js';

/** A portion of a long rebuild takes some ten seconds; a page that waits in vain is read again by the next run. */
const REBUILD_PATIENCE_MS = 25_000;

/**
 * Keeps what was erased erased: Langfuse gives it again with every page that overlaps, and v1 gives observations before it says whose
 * they are. So each page, in its own transaction, takes out the texts of whatever it has just told to be erased; nobody ever sees them.
 */
@Injectable()
export class ErasedPages {
  constructor(private readonly rows: TextErasuresRepository) {}

  /** Before a page's rows are written: an erasure is either seen by `wipe`, or sees the rows. */
  begin(tx: Tx, projectId: string): Promise<void> {
    return this.rows.lock(tx, projectId, 'shared');
  }

  /** After they are. @param ids of the page's rows */
  async wipe(tx: Tx, projectId: string, table: RawTable['name'], ids: readonly string[]): Promise<void> {
    if (table === 'session' || !(await this.rows.hasAny(tx, projectId))) return;
    const asked = table === 'trace' ? ids : await this.rows.listTracesOfRows(tx, projectId, table, ids);
    const erased = await this.rows.listErasedTraces(tx, projectId, asked);
    await this.wipeTraces(tx, projectId, erased);
    if (table === 'score') await this.rows.wipeSessionScores(tx, projectId, ids);
  }

  private async wipeTraces(tx: Tx, projectId: string, traceIds: readonly string[]): Promise<void> {
    if (traceIds.length === 0) return;
    const { rows } = this;
    // A session that an erased player has begun since is erased as a whole: each input carries the whole talk.
    const sessions = await rows.listSessionsOfTraces(tx, projectId, traceIds);
    const fresh = await rows.insertKeys(tx, projectId, 'session', sessions);
    const others = fresh.length === 0 ? [] : await rows.listTracesOfSessions(tx, projectId, fresh);
    const traces = [...new Set([...traceIds, ...others])];
    const added = await rows.insertKeys(tx, projectId, 'trace', traces);
    await rows.wipeTraces(tx, projectId, traces);
    if (added.length + fresh.length > 0) {
      // A rebuild that is under way may have read what has just been taken out: its rows are waited for, and wiped after it.
      await rows.setPatience(tx, REBUILD_PATIENCE_MS);
      await rows.lockFigures(tx, projectId);
      if (fresh.length > 0) await rows.wipeSessionScores(tx, projectId, null);
      const told = await rows.listFiguredSessions(tx, projectId, traces);
      await rows.wipeDerived(tx, projectId, traces, [...new Set([...fresh, ...told])], false);
    }
  }
}
