import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { StoreContext, StoredRows, SyncSource } from '../../platform/sync/sync-source.js';
import type { LangfuseStore, StreamStore } from '../langfuse/langfuse.source.js';
import { ErasedPages } from '../erasures/erased-pages.service.js';
import { Figures } from '../figures/figures.service.js';
import { RawRowsRepository, type StoredRow } from './raw-rows.repository.js';
import { OBSERVATION_TABLE, type RawTable, SCORE_TABLE, SESSION_TABLE, TRACE_TABLE } from './raw-tables.js';
import { payloadMonths, storedObservation, storedScore, storedSession, storedTrace } from './stored-rows.js';

/** The tables of a project, as its source needs them. */
@Injectable()
export class LangfuseTables {
  constructor(
    private readonly rows: RawRowsRepository,
    private readonly figures: Figures,
    private readonly erased: ErasedPages,
  ) {}

  storeOf(projectId: string): LangfuseStore {
    const afterRun: SyncSource['afterRun'] = ({ signal }) => this.figures.rebuildDirty(projectId, signal);
    return {
      sessions: this.tableOf(projectId, SESSION_TABLE, storedSession),
      traces: this.tableOf(projectId, TRACE_TABLE, storedTrace),
      observations: this.tableOf(projectId, OBSERVATION_TABLE, storedObservation),
      scores: this.tableOf(projectId, SCORE_TABLE, storedScore),
      afterRun,
      whenSucceeded: (tx) => this.figures.tellComplete(tx, projectId),
    };
  }

  private tableOf<Row>(
    projectId: string,
    table: RawTable,
    columnsOf: (row: Row) => StoredRow,
  ): StreamStore<Row> {
    const store = async (tx: Tx, rows: readonly Row[], { requestedAt }: StoreContext) => {
      const stored = rows.map(columnsOf);
      if (table.hasPayload) await this.rows.ensurePayloadMonths(tx, payloadMonths(stored));
      await this.erased.begin(tx, projectId);
      const outcome = await this.rows.upsertRows(tx, table, projectId, stored, requestedAt);
      await this.erased.wipe(
        tx,
        projectId,
        table.name,
        stored.map(({ id }) => id),
      );
      return outcome;
    };
    const stored: StoredRows = {
      count: (tx, window) => this.rows.countRows(tx, table, projectId, window),
      listKeys: (tx, window, after, limit) => this.rows.listKeys(tx, table, projectId, window, after, limit),
      remove: (tx, keys) => this.rows.removeRows(tx, table, projectId, keys),
    };
    return { store, stored };
  }
}
