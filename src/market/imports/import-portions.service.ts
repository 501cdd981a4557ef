import { Injectable } from '@nestjs/common';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { inTurns } from '../../platform/lifecycle/in-turns.js';
import { judgeElement } from '../ingest/judge-batch.js';
import { nativeObservationSchema, type Observation } from '../ingest/observation.js';
import type { ImportFault } from './history-import.entity.js';
import { type PartRows, readCsv, readHeader, readNdjson } from './import-rows.reader.js';
import { type ImportPosition, type ImportRow, ImportsRepository, MAX_FAULTS } from './imports.repository.js';

/**
 * Rows per transaction. An item's newest price is moved once per portion, so larger ones cost less per row; but a live batch of the
 * server waits while one is stored, some 0.1 s.
 */
const ROWS = 20_000;

/** Short, since the database answers meanwhile and waits for what comes next. */
const TURN_MS = 2;

/** Rows of an import that are stored together, judged. */
export interface ImportPortion {
  from: ImportPosition;
  /** Where the next one begins. */
  to: ImportPosition;
  observations: Observation[];
  rejectedCount: number;
  /** The first hundred. */
  faults: ImportFault[];
  /** Bytes of the file before `to`, about. */
  doneBytes: number;
}

/** Reads an import from its position to its end, one part after the other. */
@Injectable()
export class ImportPortions {
  private readonly schema = nativeObservationSchema(Date.now);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: ImportsRepository,
  ) {}

  /** Portions go over the ends of parts. The last one has no rows when the rest of the file has none. */
  async *read(scope: Scope, row: ImportRow): AsyncGenerator<ImportPortion, void, undefined> {
    const parts = await this.uow.run(scope, (tx) => this.imports.listParts(tx, row.id));
    const columns = await this.columnsOf(scope, row);
    let portion = newPortion({ part: row.nextPart, row: row.nextRow });
    let passedBytes = 0;
    for (const { part, sizeBytes } of parts) {
      if (part >= row.nextPart) {
        const body = await this.uow.run(scope, (tx) => this.imports.getPart(tx, row.id, part));
        const rows = columns === undefined ? readNdjson(body) : readCsv(body, columns, part === 0);
        let next = part === row.nextPart ? row.nextRow : 0;
        while (next < rows.count) {
          next = await this.fill(portion, rows, { part, row: next });
          if (sizeOf(portion) < ROWS) break; // the next part goes on with it
          const to = next < rows.count ? { part, row: next } : { part: part + 1, row: 0 };
          const doneBytes = Math.round(passedBytes + (next / rows.count) * sizeBytes);
          yield { ...portion, to, doneBytes };
          portion = newPortion(to);
        }
      }
      passedBytes += sizeBytes;
    }
    const end = { part: parts.length, row: 0 };
    if (portion.from.part < end.part) yield { ...portion, to: end, doneBytes: passedBytes };
  }

  /** Reads rows until the portion is full or the part ends. @returns the row after the last one read */
  private async fill(portion: FillingPortion, rows: PartRows, from: ImportPosition): Promise<number> {
    const end = Math.min(from.row + ROWS - sizeOf(portion), rows.count);
    await inTurns(
      rowNumbers(from.row, end),
      (row) => {
        const verdict = judgeElement(rows.element(row), this.schema, '');
        if ('observation' in verdict) {
          portion.observations.push(verdict.observation);
          return;
        }
        portion.rejectedCount += 1;
        if (portion.faults.length < MAX_FAULTS)
          portion.faults.push({ part: from.part, row, ...verdict.fault });
      },
      TURN_MS,
    );
    return end;
  }

  /** Columns of a CSV file; undefined for NDJSON. */
  private async columnsOf(scope: Scope, row: ImportRow): Promise<string[] | undefined> {
    if (row.format === 'ndjson') return undefined;
    const header = readHeader(await this.uow.run(scope, (tx) => this.imports.getPart(tx, row.id, 0)));
    if ('fault' in header) throw new Error(header.fault);
    return header.columns;
  }
}

type FillingPortion = Omit<ImportPortion, 'to' | 'doneBytes'>;

function newPortion(from: ImportPosition): FillingPortion {
  return { from, observations: [], rejectedCount: 0, faults: [] };
}

function sizeOf({ observations, rejectedCount }: FillingPortion): number {
  return observations.length + rejectedCount;
}

function* rowNumbers(first: number, end: number): Generator<number, void, undefined> {
  for (let row = first; row < end; row += 1) yield row;
}
