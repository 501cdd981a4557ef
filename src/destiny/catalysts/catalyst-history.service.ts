import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalidQuery } from '../destiny.errors.js';
import { CatalystReads } from './catalyst-reads.service.js';
import type { OwnCatalyst, OwnCatalysts } from './own-catalysts.js';
import type { CatalystEtaDto, CatalystHistoryDto, HistoryQueryDto } from './catalyst-history.dto.js';
import { toCatalystEtaDto, toHistoryDto } from './catalyst-history.mapper.js';
import { CatalystStatusesRepository, type ProgressRow } from './catalyst-statuses.repository.js';
import { entryOf } from './catalysts.service.js';
import { type CatalystForecast, forecastOf } from './forecast.js';
import { thinMoves } from './history.js';

const MOST_POINTS = 10_000;
const DAY_MS = 86_400_000;
/** What is longer ago says little of the player of today. */
const PACE_REACH_MS = 2 * 365 * DAY_MS;
/** Moves of all catalysts; two years of much play are some thousand. */
const MOST_MOVES = 100_000;

export interface CatalystCourse {
  readonly entry: OwnCatalyst;
  /** The reading that the forecast starts from. */
  readonly asOf: Date | null;
  /** Oldest first, the newest 10,000. */
  readonly moves: readonly ProgressRow[];
  readonly forecast: CatalystForecast;
}

/** How catalysts came to where they are, and when they will be done. */
@Injectable()
export class CatalystHistory {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly reads: CatalystReads,
    private readonly statuses: CatalystStatusesRepository,
  ) {}

  /** @throws DomainError unknown catalyst, a range backwards */
  async series(caller: Principal, recordHash: number, query: HistoryQueryDto): Promise<CatalystHistoryDto> {
    const range = rangeOf(query);
    const own = await this.reads.read(caller);
    const { status } = entryOf(own, recordHash);
    const rows = await this.moves(caller, own, recordHash, range, MOST_POINTS + 1);
    const isCut = rows.length > MOST_POINTS;
    const moves = thinMoves(isCut ? rows.slice(1) : rows, query.bucket);
    return toHistoryDto(recordHash, status.objectives, moves, isCut);
  }

  /** @throws DomainError unknown catalyst */
  async eta(caller: Principal, recordHash: number): Promise<CatalystEtaDto> {
    const own = await this.reads.read(caller);
    const { status } = entryOf(own, recordHash);
    const rows = await this.moves(caller, own, recordHash, { from: null, to: null }, MOST_POINTS);
    return toCatalystEtaDto(recordHash, own.asOf, forecastOf(status, rows, lookOf(own)));
  }

  /** Where a catalyst came from and where it goes, for a picture. @throws DomainError unknown catalyst */
  async course(caller: Principal, recordHash: number): Promise<CatalystCourse> {
    const own = await this.reads.read(caller);
    const entry = entryOf(own, recordHash);
    const moves = await this.moves(caller, own, recordHash, { from: null, to: null }, MOST_POINTS);
    return { entry, asOf: own.asOf, moves, forecast: forecastOf(entry.status, moves, lookOf(own)) };
  }

  /** Of every catalyst in progress, by record. */
  async forecasts(caller: Principal, own: OwnCatalysts): Promise<Map<number, CatalystForecast>> {
    const { membershipId, asOf } = own;
    const since = new Date((asOf?.getTime() ?? 0) - PACE_REACH_MS);
    const rows =
      membershipId === null
        ? []
        : await this.uow.run(caller, (tx) =>
            this.statuses.listProgressSince(tx, membershipId, since, MOST_MOVES),
          );
    const byRecord = new Map<number, ProgressRow[]>();
    for (const row of rows) {
      const known = byRecord.get(row.recordHash);
      if (known) known.push(row);
      else byRecord.set(row.recordHash, [row]);
    }
    const look = lookOf(own);
    return new Map(
      own.entries
        .filter(({ status }) => status.state === 'in_progress')
        .map(({ status }) => [
          status.recordHash,
          forecastOf(status, byRecord.get(status.recordHash) ?? [], look),
        ]),
    );
  }

  private moves(
    caller: Principal,
    { membershipId }: OwnCatalysts,
    recordHash: number,
    range: { from: Date | null; to: Date | null },
    limit: number,
  ): Promise<ProgressRow[]> {
    if (membershipId === null) return Promise.resolve([]);
    return this.uow.run(caller, (tx) =>
      this.statuses.listProgress(tx, membershipId, recordHash, range, limit),
    );
  }
}

function lookOf({ asOf, minutesPlayed }: OwnCatalysts): { atMs: number; minutesPlayed: number } {
  return { atMs: asOf?.getTime() ?? 0, minutesPlayed };
}

/** @throws DomainError for a range backwards */
function rangeOf({ from, to }: HistoryQueryDto): { from: Date | null; to: Date | null } {
  const range = { from: instantOf('from', from), to: instantOf('to', to) };
  if (range.from !== null && range.to !== null && range.from >= range.to)
    throw invalidQuery('to', 'is not after its beginning');
  return range;
}

/** Instants that PostgreSQL and Date both know. */
const MOST_MS = 8e13;

function instantOf(field: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const at = new Date(text);
  if (!(Math.abs(at.getTime()) <= MOST_MS)) throw invalidQuery(field, 'is no instant that there is');
  return at;
}
