import type { FilePurpose } from '../../platform/storage/file-purposes.js';
import { type Cell, toCsv, toCsvRows } from '../../platform/http/csv.js';

// A dump is one UTC day of a game as CSV: every raw price of all servers, in order of server, item, instant and source. It is always
// the whole day: whoever reads it again after a new revision has the day as it stands, with what came late, was corrected or taken out.

/** The platform's own. */
export const MARKET_DUMP: FilePurpose = {
  name: 'market-dump',
  maxBytes: Number.MAX_SAFE_INTEGER,
  mediaTypes: ['application/gzip'],
  picture: undefined,
  keptDays: null,
  isCounted: false,
};

export const DUMP_COLUMNS = [
  'id',
  'server',
  'itemId',
  'externalId',
  'capturedAt',
  'unitPrice',
  'lots',
  'source',
] as const;

export interface DumpRow {
  id: number;
  itemId: number;
  externalId: number | null;
  /** ISO-8601 UTC with microseconds. */
  capturedAt: string;
  price: number;
  lots: number;
  source: string;
}

export const dumpHeader = (): string => toCsv(DUMP_COLUMNS, []);

/** Lines of a server. */
export function dumpLines(serverKey: string, rows: readonly DumpRow[]): string {
  const cells = rows.map((row): Cell[] => [
    row.id,
    serverKey,
    row.itemId,
    row.externalId,
    row.capturedAt,
    row.price,
    row.lots,
    row.source,
  ]);
  return toCsvRows(cells);
}

const FILE_NAME = /^(\d{4}-\d{2}-\d{2})\.csv\.gz$/;

export const dumpFileName = (day: string): string => `${day}.csv.gz`;

/** @returns the day of a dump's file name as ISO date; undefined for a name that no dump can have */
export function dayOfFileName(name: string): string | undefined {
  const day = FILE_NAME.exec(name)?.[1];
  const ms = day === undefined ? Number.NaN : Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(`${day}T`) ? day : undefined;
}
