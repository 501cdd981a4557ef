export class DumpDto {
  /** UTC day, `2026-11-21`. */
  day: string;
  /** Begins at 1 and grows when the day has changed since it was dumped last. */
  revision: number;
  rowCount: number;
  /** Of the file as it is sent, compressed; its ETag as well. */
  sha256: string;
  sizeBytes: number;
  /** ISO-8601 UTC. */
  madeAt: string;
  /** Within this server. */
  url: string;
}

/** Newest days first. */
export class DumpsDto {
  items: DumpDto[];
  nextCursor: string | null;
}

export class GameDumpsDto {
  game: string;
  dayCount: number;
  rowCount: number;
  sizeBytes: number;
  /** Oldest days first. */
  dumps: DumpDto[];
}

export class DumpTotalsDto {
  games: GameDumpsDto[];
}
