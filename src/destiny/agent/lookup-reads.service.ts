import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { DefinitionDesk } from '../manifest/definition-desk.service.js';
import { Definitions } from '../manifest/definitions.service.js';
import { type SheetRows, SheetsService } from '../sheets/sheets.service.js';
import { ReadProblem } from './read-problem.js';
import type { DefinitionView, PlayerReads, SheetRowsView } from './player-views.js';

const TABLE = 'DestinyInventoryItemDefinition';
/** Fewer would find nearly everything. */
const FEWEST_LETTERS = 3;
/** Of a sheet, where nobody says which one is meant. */
const MOST_TABS_READ = 6;

/** What is the same for everybody, in the words of the agent's tools. */
@Injectable()
export class LookupReads {
  constructor(
    private readonly desk: DefinitionDesk,
    private readonly known: Definitions,
    private readonly sheets: SheetsService,
    private readonly profiler: Profiler,
  ) {}

  definitions(caller: Principal, words: string, limit: number): Promise<readonly DefinitionView[]> {
    if (words.length < FEWEST_LETTERS) return Promise.resolve([]);
    return this.profiler.time('manifest_lookup', async () => {
      const { items } = await this.desk.search(caller, TABLE, { q: words, limit });
      const whole = await this.known.list(
        TABLE,
        items.map(({ hash }) => hash),
      );
      return items.map(({ hash, name, kind }) => ({
        hash,
        name,
        kind: kind ?? 'item',
        description: descriptionOf(whole.get(hash)),
      }));
    });
  }

  /** @returns null where there is no such sheet or tab @throws ReadProblem where neither Google nor a copy answers */
  async sheetRows(
    _caller: Principal,
    { sheet, tab, words, limit }: Parameters<PlayerReads['sheetRows']>[1],
  ): Promise<SheetRowsView | null> {
    const key = sheet ?? this.sheets.list()[0]?.key;
    if (key === undefined) return null;
    return this.profiler.time('sheet_fetch', async () => {
      try {
        const found = await this.sheets.rows(key, tab ?? undefined, words ?? undefined, limit);
        if (found.tab !== null || words === null) return toSheetView(found);
        return toSheetView(await this.firstWith(key, found, words, limit));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.kind === 'notFound') return null;
        throw new ReadProblem('unavailable');
      }
    });
  }

  /** Nobody has named the tab: the first in which the words occur. */
  private async firstWith(key: string, known: SheetRows, words: string, limit: number): Promise<SheetRows> {
    for (const { title } of known.tabs.slice(0, MOST_TABS_READ)) {
      const found = await this.sheets.rows(key, title, words, limit);
      if (found.total > 0) return found;
    }
    return known;
  }
}

function toSheetView({ source, tab, tabs, columns, rows, total, rowsCopy }: SheetRows): SheetRowsView {
  return {
    sheet: source.title,
    tab,
    fetchedAt: rowsCopy?.fetchedAt.toISOString() ?? null,
    isStale: rowsCopy?.isStale ?? false,
    tabs: tab === null ? tabs.map(({ title }) => title) : [],
    rows: rows.map((row) => namedCells(columns, row)),
    total,
  };
}

/** Without what is empty; columns without a name go by their place. */
function namedCells(columns: readonly string[], row: readonly string[]): Record<string, string> {
  const cells = row.map((cell, index): [string, string] => [columns[index] || `column ${index + 1}`, cell]);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== ''));
}

function descriptionOf(definition: Record<string, unknown> | undefined): string | null {
  const shown = definition?.['displayProperties'] as { description?: unknown } | undefined;
  return typeof shown?.description === 'string' && shown.description !== '' ? shown.description : null;
}
