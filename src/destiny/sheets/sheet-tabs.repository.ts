import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface SheetTabRow {
  title: string;
  version: number;
  /** Hexadecimal; null = never read, or elsewhere than now. */
  contentHash: string | null;
  rowCount: number;
  isCut: boolean;
  fetchedAt: Date | null;
  ageS: number | null;
  isFresh: boolean;
  failure: string | null;
  /** How long it is not to be tried; 0 = it may be. */
  restsMs: number;
}

export interface TabPlace {
  readonly spreadsheetId: string;
  /** Empty = the list of tabs. */
  readonly title: string;
  readonly origin: string;
}

export interface FetchedCells {
  /** JSON. */
  readonly cells: string;
  readonly contentHash: Buffer;
  readonly rowCount: number;
  readonly isCut: boolean;
}

/** A row whose process has died may be claimed anew after this. */
const CLAIM_S = 45;
/** What is kept is good for a day, unless somebody has asked for a refresh since. */
const FRESH = `(t.fetched_at > now() - interval '24 hours' AND t.fetched_at >= coalesce(l.refreshed_at, '-infinity'))`;

@Injectable()
export class SheetTabsRepository {
  findStatement({ spreadsheetId, title, origin }: TabPlace): Statement {
    return {
      name: 'destiny.sheet-tabs.find',
      text: `${COLUMNS} WHERE t.spreadsheet_id = $1 AND t.title = $2`,
      values: [spreadsheetId, title, origin],
    };
  }

  /** @returns one row of `{ cells }`, or none where they have changed since */
  cellsStatement({ spreadsheetId, title }: TabPlace, contentHash: string): Statement {
    return {
      name: 'destiny.sheet-tabs.find-cells',
      text: `SELECT cells FROM destiny.sheet_tab
             WHERE spreadsheet_id = $1 AND title = $2 AND content_hash = decode($3, 'hex')`,
      values: [spreadsheetId, title, contentHash],
    };
  }

  /** What is known of each tab, whatever its origin. */
  listStatement(spreadsheetId: string): Statement {
    return {
      name: 'destiny.sheet-tabs.list',
      text: `${COLUMNS.replaceAll('$3', 't.origin')} WHERE t.spreadsheet_id = $1 AND t.title <> ''`,
      values: [spreadsheetId],
    };
  }

  /** @param seenVersion of the row that was found wanting; null = there was none @returns whether the fetch is the caller's */
  async claim(tx: Tx, place: TabPlace, seenVersion: number | null, claimId: string): Promise<boolean> {
    const rows = await tx.query<{ title: string }>({
      name: 'destiny.sheet-tabs.claim',
      text: `INSERT INTO destiny.sheet_tab AS t (spreadsheet_id, title, origin, version, row_count, is_cut, claim_id, claimed_until)
             VALUES ($1, $2, $3, 0, 0, false, $5, now() + make_interval(secs => ${CLAIM_S}))
             ON CONFLICT (spreadsheet_id, title) DO UPDATE
               SET claim_id = excluded.claim_id, claimed_until = excluded.claimed_until
               WHERE t.version = $4::int AND coalesce(t.claimed_until, '-infinity') < now()
             RETURNING title`,
      values: [place.spreadsheetId, place.title, place.origin, seenVersion ?? 0, claimId],
    });
    return rows.length > 0;
  }

  /** The end of a fetch that went well; without effect when the claim was lost. */
  async updateFetched(tx: Tx, place: TabPlace, claimId: string, fetched: FetchedCells): Promise<void> {
    await tx.query({
      name: 'destiny.sheet-tabs.update-fetched',
      text: `UPDATE destiny.sheet_tab SET origin = $4, version = version + 1, fetched_at = now(),
               cells = CASE WHEN content_hash = $6 THEN cells ELSE $5::json END, content_hash = $6, row_count = $7, is_cut = $8,
               failed_at = NULL, failure = NULL, retry_at = NULL, claim_id = NULL, claimed_until = NULL
             WHERE spreadsheet_id = $1 AND title = $2 AND claim_id = $3`,
      values: [
        place.spreadsheetId,
        place.title,
        claimId,
        place.origin,
        fetched.cells,
        fetched.contentHash,
        fetched.rowCount,
        fetched.isCut,
      ],
    });
  }

  /** The end of one that did not; what was kept stays. */
  async updateFailed(
    tx: Tx,
    place: TabPlace,
    claimId: string,
    failure: { readonly sentence: string; readonly restMs: number },
  ): Promise<void> {
    await tx.query({
      name: 'destiny.sheet-tabs.update-failed',
      text: `UPDATE destiny.sheet_tab SET version = version + 1, failed_at = now(), failure = $4,
               retry_at = now() + $5::float8 * interval '1 millisecond', claim_id = NULL, claimed_until = NULL
             WHERE spreadsheet_id = $1 AND title = $2 AND claim_id = $3`,
      values: [place.spreadsheetId, place.title, claimId, failure.sentence, failure.restMs],
    });
  }

  /** Declares everything of a sheet old. @returns when, or how long ago that was done already where that is less than `floorS` */
  async updateRefreshed(
    tx: Tx,
    spreadsheetId: string,
    origin: string,
    floorS: number,
  ): Promise<{ refreshedAt: Date } | { agoS: number }> {
    const [row] = await tx.query<{ refreshedAt: Date }>({
      name: 'destiny.sheet-tabs.update-refreshed',
      text: `INSERT INTO destiny.sheet_tab AS t (spreadsheet_id, title, origin, version, row_count, is_cut, refreshed_at)
             VALUES ($1, '', $2, 0, 0, false, now())
             ON CONFLICT (spreadsheet_id, title) DO UPDATE SET refreshed_at = now()
               WHERE coalesce(t.refreshed_at, '-infinity') <= now() - make_interval(secs => $3)
             RETURNING refreshed_at AS "refreshedAt"`,
      values: [spreadsheetId, origin, floorS],
    });
    if (row !== undefined) return row;
    const [last] = await tx.query<{ agoS: number }>({
      name: 'destiny.sheet-tabs.find-refreshed',
      text: `SELECT extract(epoch FROM now() - refreshed_at)::float8 AS "agoS"
             FROM destiny.sheet_tab WHERE spreadsheet_id = $1 AND title = ''`,
      values: [spreadsheetId],
    });
    return { agoS: last?.agoS ?? 0 };
  }
}

/** $1 the sheet, $3 where it is to be read; a copy from elsewhere is none. */
const COLUMNS = `
  SELECT t.title, t.version, CASE WHEN t.origin = $3 THEN encode(t.content_hash, 'hex') END AS "contentHash", t.row_count AS "rowCount",
    t.is_cut AS "isCut", t.fetched_at AS "fetchedAt", extract(epoch FROM now() - t.fetched_at)::int AS "ageS",
    coalesce(t.origin = $3 AND ${FRESH}, false) AS "isFresh", t.failure,
    greatest(0, extract(epoch FROM t.retry_at - now()) * 1000)::float8 AS "restsMs"
  FROM destiny.sheet_tab t
  LEFT JOIN destiny.sheet_tab l ON l.spreadsheet_id = t.spreadsheet_id AND l.title = ''`;
