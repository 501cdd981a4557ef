import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { MOST_OBJECT_NAME } from '../objects/objects.dto.js';
import { invalidTableFile } from './tables.errors.js';
import { MOST_ROWS, type RandomTable } from './random-table.js';
import { readTableFile, TableFileFault } from './table-file.reader.js';
import { type FoundTable, type ImportNote, toRandomTable } from './table-lines.js';
import { referencesOfRows } from './table-references.js';
import { escapeText } from './table-text.js';
import type { ImportedTableDto, TableImportDto, TableImportReportDto } from './tables.dto.js';
import { TableWriter } from './table-writer.service.js';

/** Takes tables over from files. Each table that can be read becomes one; the report says what of it is otherwise than it was. */
@Injectable()
export class TableImports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly writer: TableWriter,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError unknown campaign; a role below a master's; a file that is none */
  import(
    caller: Principal,
    campaignId: string,
    wish: TableImportDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<TableImportReportDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'gm');
        const tables: ImportedTableDto[] = [];
        for (const found of inOrder(filesTables(wish)))
          tables.push(await this.take(tx, caller, seat, found, wish));
        return { tables };
      }),
    );
  }

  private async take(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    { name, table, notes }: ReadyTable,
    { visibility }: TableImportDto,
  ): Promise<ImportedTableDto> {
    let judged = await this.writer.examine(tx, seat.campaignId, null, table);
    const said = [...notes];
    if (judged.faults.length > 0 && judged.faults.every(({ code }) => code.endsWith('-table'))) {
      // Braces that name a table which is not there are signs, like in any other program.
      said.push(...judged.faults.map((fault) => toNote(fault, 'escaped')));
      const odd = new Set(judged.faults.map(rowOf));
      const rows = table.rows.map((row, index) =>
        odd.has(index) ? { ...row, text: escapeText(row.text) } : row,
      );
      judged = await this.writer.examine(tx, seat.campaignId, null, { ...table, rows });
    }
    const { details, faults } = judged;
    if (faults.length > 0)
      return {
        id: null,
        name,
        rowCount: 0,
        notes: [...said, ...faults.map((fault) => toNote(fault, 'skipped'))],
      };
    const row = await this.objects.create(tx, caller, seat, { kind: 'table', name, visibility, details });
    return { id: row.id, name, rowCount: details.rows.length, notes: said };
  }
}

function rowOf({ pointer }: InputFault): number {
  return Number(/^\/rows\/(\d+)/.exec(pointer)?.[1] ?? 0);
}

function toNote(fault: InputFault, code: ImportNote['code']): ImportNote {
  return { line: rowOf(fault) + 1, code, detail: fault.detail };
}

interface ReadyTable {
  readonly name: string;
  readonly table: RandomTable;
  readonly notes: readonly ImportNote[];
}

function filesTables({ content, format, name }: TableImportDto): ReadyTable[] {
  let found: readonly FoundTable[];
  try {
    found = readTableFile(content, format, name);
  } catch (error) {
    if (!(error instanceof TableFileFault)) throw error;
    throw invalidTableFile(error.message);
  }
  return found.map((each) => {
    const { table, notes } = toRandomTable(each);
    const title = each.name
      .replace(/[\0\p{Surrogate}]/gu, '')
      .trim()
      .slice(0, MOST_OBJECT_NAME);
    const kept = table.rows.slice(0, MOST_ROWS);
    return {
      name: title === '' ? name : title,
      table: { ...table, rows: kept },
      notes:
        kept.length < table.rows.length
          ? [
              ...notes,
              { line: kept.length + 1, code: 'skipped', detail: `A table has at most ${MOST_ROWS} rows` },
            ]
          : notes,
    };
  });
}

/** Those first that others of the file ask, as far as there is such an order. */
function inOrder(tables: readonly ReadyTable[]): ReadyTable[] {
  const left = new Set(tables);
  const ordered: ReadyTable[] = [];
  for (let hasMoved = true; hasMoved && left.size > 0;) {
    hasMoved = false;
    const waiting = new Set([...left].map(({ name }) => name.toLowerCase()));
    for (const table of left) {
      const asked = referencesOfRows(table.table.rows).map((name) => name.toLowerCase());
      if (asked.some((name) => waiting.has(name))) continue;
      ordered.push(table);
      left.delete(table);
      hasMoved = true;
    }
  }
  return [...ordered, ...left];
}
