import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { SheetSource } from '../../platform/config/sheets-settings.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { RateLimitError } from '../../platform/http/rate-limit.error.js';
import { unknownSheet, unknownTab } from '../destiny.errors.js';
import { cleanTitle } from './clean-cells.js';
import { type FoundRows, findRows } from './find-rows.js';
import { isOutdatedTitle, matchTab } from './match-tab.js';
import { SheetCopies, type SheetCopy } from './sheet-copies.service.js';
import { type SheetTabRow, SheetTabsRepository } from './sheet-tabs.repository.js';
import { SheetsClient } from './sheets.client.js';

/** All processes together declare a sheet old at most so often. */
export const REFRESH_FLOOR_S = 60;

export interface KnownTab {
  /** As it is shown and asked for. */
  readonly title: string;
  /** As Google has it. */
  readonly name: string;
  readonly gid: number;
}

export interface KnownTabs {
  readonly source: SheetSource;
  readonly tabs: readonly KnownTab[];
  /** Of the list itself; undefined where it stands in the settings. */
  readonly copy: SheetCopy | undefined;
}

export interface SheetRows extends KnownTabs, FoundRows {
  /** The tab that was meant; null = none was named, and there are several. */
  readonly tab: string | null;
  /** Of the tab. */
  readonly rowsCopy: SheetCopy | undefined;
}

/** What the community's sheets say. Everything in them was written by strangers: it is handed on as data and never followed. */
@Injectable()
export class SheetsService {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly client: SheetsClient,
    private readonly copies: SheetCopies,
    private readonly stored: SheetTabsRepository,
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
  ) {}

  /** In the order of the settings. */
  list(): readonly SheetSource[] {
    return this.env.sheets.sources;
  }

  /** Tabs of a sheet with what is kept of them. @throws DomainError for an unknown key, or where the list cannot be had */
  async tabs(key: string): Promise<KnownTabs & { readonly stored: ReadonlyMap<string, SheetTabRow> }> {
    const known = await this.knownTabs(this.source(key));
    const statement = this.stored.listStatement(known.source.sheetId);
    const rows = await this.uow.read<SheetTabRow>(SYSTEM_SCOPE, statement);
    return { ...known, stored: new Map(rows.map((row) => [row.title, row])) };
  }

  /**
   * Rows of a tab in which all words of `question` occur; the agent's tool `read_sheet` asks here as well.
   * @param tab its title as people remember it; where none is named and there are several, only their titles come
   * @throws DomainError for an unknown key or tab, or where neither Google nor a copy answers
   */
  async rows(
    key: string,
    tab: string | undefined,
    question: string | undefined,
    limit = 50,
  ): Promise<SheetRows> {
    const known = await this.knownTabs(this.source(key));
    const titles = known.tabs.map(({ title }) => title);
    const asked = tab ?? (titles.length === 1 ? titles[0] : undefined);
    if (asked === undefined) {
      const hint =
        titles.length === 0 ? 'The sheet has no tabs to read.' : 'Name the tab: the sheet has several.';
      return { ...known, tab: null, columns: [], rows: [], total: 0, hint, rowsCopy: undefined };
    }
    const meant = matchTab(asked, titles);
    const found = known.tabs.find(({ title }) => title === meant);
    if (found === undefined) throw unknownTab();
    const rowsCopy = await this.copyOf(known.source, found);
    return { ...known, ...findRows(rowsCopy.cells, question, limit), tab: found.title, rowsCopy };
  }

  /**
   * Declares all copies of a sheet old: each tab is read anew when it is next asked for.
   * @throws DomainError for an unknown key, RateLimitError where that was done less than a minute ago
   */
  async refresh(key: string): Promise<{ readonly source: SheetSource; readonly refreshedAt: Date }> {
    const source = this.source(key);
    const done = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.stored.updateRefreshed(tx, source.sheetId, LIST_ORIGIN, REFRESH_FLOOR_S),
    );
    if ('agoS' in done) throw new RateLimitError(Math.max(1, Math.ceil(REFRESH_FLOOR_S - done.agoS)));
    return { source, ...done };
  }

  private source(key: string): SheetSource {
    const source = this.env.sheets.sources.find((one) => one.key === key);
    if (source === undefined) throw unknownSheet();
    return source;
  }

  private async knownTabs(source: SheetSource): Promise<KnownTabs> {
    if (source.gids !== undefined) {
      const tabs = [...source.gids].map(([name, gid]) => ({ title: cleanTitle(name), name, gid }));
      return { source, tabs: shownTabs(tabs), copy: undefined };
    }
    const place = { spreadsheetId: source.sheetId, title: '', origin: LIST_ORIGIN };
    const copy = await this.copies.get(place, async () =>
      (await this.client.listTabs(source)).map(({ name, gid }) => [encodeName(name), gid]),
    );
    const tabs = copy.cells.map(([encoded = '', gid = '0']) => {
      const name = decodeName(encoded);
      return { title: cleanTitle(name), name, gid: Number(gid) };
    });
    const wanted = source.tabs?.map(cleanTitle);
    return { source, tabs: shownTabs(tabs).filter(({ title }) => wanted?.includes(title) ?? true), copy };
  }

  private copyOf(source: SheetSource, { title, name, gid }: KnownTab): Promise<SheetCopy> {
    const isPublic = source.gids !== undefined;
    const origin = isPublic ? `gid:${gid}` : `api:${name}`;
    return this.copies.get({ spreadsheetId: source.sheetId, title, origin }, () =>
      isPublic ? this.client.exportTab(source, gid) : this.client.readTab(source, name),
    );
  }
}

const LIST_ORIGIN = 'list';

/** What is kept of cells is cleaned, and Google knows a tab by its very name, double blanks and all. */
function encodeName(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function decodeName(encoded: string): string {
  return Buffer.from(encoded, 'base64url').toString();
}

/** Each title once, without what its authors call old. */
function shownTabs(tabs: readonly KnownTab[]): KnownTab[] {
  const seen = new Set(['']);
  return tabs.filter(({ title }) => {
    if (seen.has(title) || isOutdatedTitle(title)) return false;
    seen.add(title);
    return true;
  });
}
