import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import {
  float8Array,
  int4Array,
  readFloat8Array,
  readInt4Array,
  readInt8Array,
} from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { toStep } from '../runs/packed-columns.js';
import type { RunStatus } from '../runs/run-terms.js';
import { FIX_CODEC, type FixColumns, FIX_STEPS, decodeFixes, encodeFixes } from './fix-codec.js';
import { rangesOf } from './fix-columns.js';
import type { Fix } from './fix.js';
import { type SeqRange, SeqRanges } from './seq-ranges.js';

/** Fixes of one run on their way in. */
export interface RunFixes {
  readonly runId: string;
  readonly userId: string;
  readonly fixes: readonly Fix[];
}

/** What became of them. A run that is not there, or somebody else's, is not among the answers. */
export interface InsertedFixes {
  readonly runId: string;
  readonly status: RunStatus;
  readonly isFolded: boolean;
  /** Of those that were sent; the others were there already. */
  readonly insertedCount: number;
}

const GLOBAL = 0;
const COLUMNS = FIX_STEPS.map(([name]) => name);
/** A column of a table as the bytes of an array, in the order of the device's numbers. */
const packed = (expression: string, type: string): string =>
  `array_send(coalesce(array_agg(${expression} ORDER BY seq), '{}'::${type}[]))`;
const PACKED = `${packed('seq', 'int4')} AS seq, ${packed('at_ms', 'int8')} AS "atMs",
  ${packed('lat_deg', 'float8')} AS "latDeg", ${packed('lon_deg', 'float8')} AS "lonDeg",
  ${packed('altitude_m::float8', 'float8')} AS "altitudeM", ${packed('accuracy_m::float8', 'float8')} AS "accuracyM",
  ${packed('speed_mps::float8', 'float8')} AS "speedMps", ${packed('bearing_deg::float8', 'float8')} AS "bearingDeg",
  ${packed('heart_rate_bpm::float8', 'float8')} AS "heartRateBpm", ${packed('cadence_spm::float8', 'float8')} AS "cadenceSpm"`;
type PackedRow = Record<keyof Omit<FixColumns, 'length'>, Buffer>;

/** Fixes, in the scope of their runner or of the platform. */
@Injectable()
export class FixesRepository {
  /**
   * Until the end of the transaction nobody folds in between: taken before anything is inserted, shared by all who insert. See {@link drain}.
   */
  async lockInserting(tx: Tx): Promise<void> {
    await tx.query({
      name: 'running.fixes.lock-inserting',
      text: `SELECT pg_advisory_xact_lock_shared(${ADVISORY_LOCK.runningFixes}, ${GLOBAL})`,
      values: [],
    });
  }

  /**
   * Waits until every transaction that was inserting has ended, in a transaction of its own. Who inserts afterwards sees whatever was
   * committed before: that a run is finished, say, so that it asks for another fold itself.
   */
  async drain(tx: Tx): Promise<void> {
    await tx.query({
      name: 'running.fixes.drain',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.runningFixes}, ${GLOBAL})`,
      values: [],
    });
  }

  /**
   * Any number of runs in one statement; a run stands in the list once. The first fix of a number stays, whether it waits for the fold or
   * was folded. @param runs in the order of their ids, so that no two of these wait for each other
   */
  async insertFixes(tx: Tx, runs: readonly RunFixes[]): Promise<InsertedFixes[]> {
    const count = runs.reduce((sum, { fixes }) => sum + fixes.length, 0);
    const [runPlace, seq] = [new Int32Array(count), new Int32Array(count)];
    const columns = COLUMNS.map(() => new Float64Array(count));
    let at = 0;
    runs.forEach(({ fixes }, index) => {
      for (const fix of fixes) {
        runPlace[at] = index + 1;
        seq[at] = fix.seq;
        for (let column = 0; column < COLUMNS.length; column += 1)
          columns[column]![at] = fix[COLUMNS[column]!];
        at += 1;
      }
    });
    return tx.query<InsertedFixes>({
      name: 'running.fixes.insert-fixes',
      text: `WITH wanted AS MATERIALIZED (
               SELECT k.place, r.id, r.user_id, r.status, f.seqs
               FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k (run_id, user_id, place)
               JOIN running.run r ON r.id = k.run_id AND r.user_id = k.user_id
               LEFT JOIN running.folded_fixes f ON f.run_id = r.id),
             inserted AS (
               INSERT INTO running.fix (user_id, run_id, seq, at_ms, lat_deg, lon_deg, altitude_m, accuracy_m, speed_mps, bearing_deg,
                 heart_rate_bpm, cadence_spm)
               SELECT w.user_id, w.id, s.seq, s.at_ms::bigint, nullif(s.lat, 'NaN'), nullif(s.lon, 'NaN'), nullif(s.alt, 'NaN'),
                 nullif(s.acc, 'NaN'), nullif(s.spd, 'NaN'), nullif(s.brg, 'NaN'), nullif(s.hr, 'NaN')::smallint,
                 nullif(s.cad, 'NaN')::smallint
               FROM unnest($3::int4[], $4::int4[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[],
                 $11::float8[], $12::float8[], $13::float8[]) WITH ORDINALITY
                 AS s (run_place, seq, at_ms, lat, lon, alt, acc, spd, brg, hr, cad, place)
               JOIN wanted w ON w.place = s.run_place
               WHERE w.seqs IS NULL OR NOT w.seqs @> s.seq
               ORDER BY s.run_place, s.seq, s.place
               ON CONFLICT DO NOTHING RETURNING run_id)
             SELECT w.id AS "runId", w.status, w.seqs IS NOT NULL AS "isFolded", count(i.run_id)::int AS "insertedCount"
             FROM wanted w LEFT JOIN inserted i ON i.run_id = w.id GROUP BY w.id, w.status, w.seqs IS NOT NULL`,
      values: [
        runs.map(({ runId }) => runId),
        runs.map(({ userId }) => userId),
        int4Array(runPlace),
        int4Array(seq),
        ...columns.map((column) => float8Array(column)),
      ],
    });
  }

  /** Which numbers of a run are there, folded or not. */
  async findRanges(tx: Tx, userId: string, runId: string): Promise<SeqRange[]> {
    const rows = await tx.query<{ from: number; to: number }>({
      name: 'running.fixes.find-ranges',
      text: `SELECT min(seq) AS "from", max(seq) AS "to" FROM (
               SELECT seq, seq - row_number() OVER (ORDER BY seq) AS island FROM running.fix WHERE user_id = $1 AND run_id = $2) s
             GROUP BY island
             UNION ALL
             SELECT lower(range), upper(range) - 1 FROM running.folded_fixes f, unnest(f.seqs) AS range WHERE f.run_id = $2`,
      values: [userId, runId],
    });
    return rows.map(({ from, to }) => [from, to]);
  }

  /** Those of these numbers that wait for the fold. */
  async listFixes(tx: Tx, userId: string, runId: string, seqs: readonly number[]): Promise<FixColumns> {
    const [row] = await tx.query<PackedRow>({
      name: 'running.fixes.list-fixes',
      text: `SELECT ${PACKED} FROM running.fix WHERE user_id = $1 AND run_id = $2 AND seq = ANY ($3::int4[])`,
      values: [userId, runId, int4Array(Int32Array.from(seqs))],
    });
    return toColumns(row!);
  }

  /** All of a run that wait for the fold. */
  async findWaiting(tx: Tx, userId: string, runId: string): Promise<FixColumns> {
    const [row] = await tx.query<PackedRow>({
      name: 'running.fixes.find-waiting',
      text: `SELECT ${PACKED} FROM running.fix WHERE user_id = $1 AND run_id = $2`,
      values: [userId, runId],
    });
    return toColumns(row!);
  }

  /** Takes all of a run that wait for the fold out of the table: for who folds them in the same transaction. */
  async deleteFixes(tx: Tx, userId: string, runId: string): Promise<FixColumns> {
    const [row] = await tx.query<PackedRow>({
      name: 'running.fixes.delete-fixes',
      text: `WITH gone AS (DELETE FROM running.fix WHERE user_id = $1 AND run_id = $2 RETURNING *) SELECT ${PACKED} FROM gone`,
      values: [userId, runId],
    });
    return toColumns(row!);
  }

  /** @returns undefined while the run was never folded */
  async findFolded(tx: Tx, runId: string): Promise<FixColumns | undefined> {
    const [row] = await tx.query<{ codec: number; fixes: Buffer }>({
      name: 'running.fixes.find-folded',
      text: 'SELECT codec, fixes FROM running.folded_fixes WHERE run_id = $1',
      values: [runId],
    });
    if (row === undefined) return undefined;
    if (row.codec !== FIX_CODEC) throw new Error(`The fixes of ${runId} have a form that is not known`);
    return decodeFixes(row.fixes);
  }

  async upsertFolded(tx: Tx, userId: string, runId: string, fixes: FixColumns): Promise<void> {
    await tx.query({
      name: 'running.fixes.upsert-folded',
      text: `INSERT INTO running.folded_fixes (run_id, user_id, fix_count, seqs, codec, fixes) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (run_id) DO UPDATE SET fix_count = excluded.fix_count, seqs = excluded.seqs, codec = excluded.codec,
               fixes = excluded.fixes`,
      values: [
        runId,
        userId,
        fixes.length,
        SeqRanges.of(rangesOf(fixes)).toMultirange(),
        FIX_CODEC,
        encodeFixes(fixes),
      ],
    });
  }
}

/** Columns of single precision come back a little beside their tenths. */
function toColumns(row: PackedRow): FixColumns {
  const seq = Float64Array.from(readInt4Array(row.seq));
  const tenths = (bytes: Buffer): Float64Array => readFloat8Array(bytes).map((value) => toStep(value, 10));
  return {
    length: seq.length,
    seq,
    atMs: readInt8Array(row.atMs),
    latDeg: readFloat8Array(row.latDeg),
    lonDeg: readFloat8Array(row.lonDeg),
    altitudeM: tenths(row.altitudeM),
    accuracyM: tenths(row.accuracyM),
    speedMps: tenths(row.speedMps),
    bearingDeg: tenths(row.bearingDeg),
    heartRateBpm: readFloat8Array(row.heartRateBpm),
    cadenceSpm: readFloat8Array(row.cadenceSpm),
  };
}
