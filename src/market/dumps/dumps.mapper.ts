import type { DumpDto, DumpTotalsDto, GameDumpsDto } from './dumps.dto.js';
import type { DumpTotalsRow, StoredDumpRow } from './dumps.repository.js';
import { dumpFileName } from './market-dump.js';

const DUMPS_PATH = '/api/v1/market/dumps';

export function toDumpDto(game: string, dump: StoredDumpRow): DumpDto {
  return {
    day: dump.day,
    revision: dump.revision,
    rowCount: dump.rowCount,
    sha256: dump.sha256.toString('hex'),
    sizeBytes: dump.sizeBytes,
    madeAt: dump.madeAt.toISOString(),
    url: `${DUMPS_PATH}/${game}/${dumpFileName(dump.day)}`,
  };
}

/** @param rows by game and day */
export function toDumpTotalsDto(rows: readonly DumpTotalsRow[]): DumpTotalsDto {
  const games = new Map<string, GameDumpsDto>();
  for (const row of rows) {
    const known = games.get(row.game) ?? {
      game: row.game,
      dayCount: 0,
      rowCount: 0,
      sizeBytes: 0,
      dumps: [],
    };
    known.dayCount += 1;
    known.rowCount += row.rowCount;
    known.sizeBytes += row.sizeBytes;
    known.dumps.push(toDumpDto(row.game, row));
    games.set(row.game, known);
  }
  return { games: [...games.values()] };
}
