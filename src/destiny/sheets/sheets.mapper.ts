import type { SheetSource } from '../../platform/config/sheets-settings.js';
import type { SheetDto, SheetRowsDto, SheetTabDto, SheetTabsDto } from './sheets.dto.js';
import type { SheetRows, SheetsService } from './sheets.service.js';

type Tabs = Awaited<ReturnType<SheetsService['tabs']>>;

export function toSheetDto({ key, title, gids }: SheetSource): SheetDto {
  return { key, title, access: gids === undefined ? 'service-account' : 'public' };
}

export function toSheetTabsDto({ source, tabs, copy, stored }: Tabs): SheetTabsDto {
  return {
    key: source.key,
    title: source.title,
    items: tabs.map(({ title }): SheetTabDto => {
      const row = stored.get(title);
      const isRead = row !== undefined && row.fetchedAt !== null;
      return {
        title,
        rowCount: isRead ? row.rowCount : null,
        fetchedAt: row?.fetchedAt?.toISOString() ?? null,
        isStale: isRead && !row.isFresh,
      };
    }),
    listedAt: copy?.fetchedAt.toISOString() ?? null,
    isStale: copy?.isStale ?? false,
    staleReason: copy?.staleReason ?? null,
  };
}

export function toSheetRowsDto(found: SheetRows): SheetRowsDto {
  const { source, tab, tabs, columns, rows, total, hint, rowsCopy } = found;
  return {
    key: source.key,
    title: source.title,
    tab,
    tabs: tabs.map(({ title }) => title),
    columns: [...columns],
    rows: rows.map((row) => [...row]),
    total,
    isCut: rowsCopy?.isCut ?? false,
    hint,
    fetchedAt: rowsCopy?.fetchedAt.toISOString() ?? null,
    ageS: rowsCopy?.ageS ?? null,
    isStale: rowsCopy?.isStale ?? false,
    staleReason: rowsCopy?.staleReason ?? null,
  };
}
