import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { JobProgress } from '../../platform/jobs/job-definition.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ALMANAX } from './calendar-day.js';
import { CalendarImport } from './calendar-import.service.js';
import { addDays, dayOf, portionsOf } from './calendar-span.js';
import { CalendarClient } from './calendar.client.js';
import { CalendarRepository, type RefreshPlace } from './calendar.repository.js';

/** The game whose calendar has an address in the configuration. */
const GAME = 'dofus';
/** What the original keeps filled. */
export const DAYS_AHEAD = 90;
/** Providers give a month or so at once. */
const PORTION_DAYS = 30;

export interface RefreshReport {
  /** There is somebody to ask. */
  isConfigured: boolean;
  /** Days that were asked for now. */
  attemptedCount: number;
  /** Days that came. */
  processedCount: number;
  /** Of the days ahead, those that are still not known. */
  remainingCount: number;
}

export interface RefreshRun {
  nowMs: number;
  signal?: AbortSignal;
  onProgress?: (progress: JobProgress) => void;
}

/**
 * Brings the next 90 days of the Almanax in, portion by portion, each with the place behind it in one transaction. What was asked for
 * today is not asked for again before tomorrow: then all of it is, since publishers correct themselves.
 */
@Injectable()
export class CalendarRefresh {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly calendar: CalendarRepository,
    private readonly imports: CalendarImport,
    private readonly client: CalendarClient,
  ) {}

  /** @throws OutboundError, DomainError for an answer without a single day that can be read; what came before is kept */
  async refresh({ nowMs, signal, onProgress }: RefreshRun): Promise<RefreshReport> {
    const today = dayOf(nowMs);
    const end = addDays(today, DAYS_AHEAD);
    const { id: gameId } = await this.directory.game(GAME);
    const url = this.env.marketCalendarUrl;
    const report = { isConfigured: url !== undefined, attemptedCount: 0, processedCount: 0 };
    if (url !== undefined) {
      const from = await this.nextDay(gameId, today);
      const size = url.includes('{from}') ? PORTION_DAYS : DAYS_AHEAD;
      for (const portion of portionsOf(from, end, size)) {
        signal?.throwIfAborted();
        const days = (Date.parse(portion.to) - Date.parse(portion.from)) / 86_400_000 + 1;
        report.attemptedCount += days;
        report.processedCount += await this.bringIn(url, portion, today, signal);
        const done = (Date.parse(portion.to) - Date.parse(today)) / 86_400_000 + 1;
        onProgress?.({ done, total: DAYS_AHEAD, note: portion.to });
      }
    }
    return { ...report, remainingCount: DAYS_AHEAD - (await this.countKnown(gameId, today, end)) };
  }

  /** @returns number of days that came */
  private async bringIn(
    url: string,
    portion: { from: string; to: string },
    today: string,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const content = await this.client.fetchDays(url, portion, signal);
    // The host alone: the address may hold a key.
    const file = { source: ALMANAX, origin: new URL(url).host, content };
    const place = { refreshedOn: today, nextOn: addDays(portion.to, 1) };
    const done = await this.imports.importAsSystem(SYSTEM_PRINCIPAL, GAME, file, place);
    return done.createdCount + done.changedCount + done.unchangedCount;
  }

  private async nextDay(gameId: number, today: string): Promise<string> {
    const statement = this.calendar.placeStatement(gameId, ALMANAX);
    const [place] = await this.system.run(SYSTEM_PRINCIPAL, (tx) => tx.query<RefreshPlace>(statement));
    const next = place?.refreshedOn === today ? place.nextOn : null;
    return next !== null && next > today ? next : today;
  }

  private async countKnown(gameId: number, from: string, end: string): Promise<number> {
    const statement = this.calendar.countStatement(gameId, ALMANAX, { from, end });
    const [row] = await this.system.run(SYSTEM_PRINCIPAL, (tx) => tx.query<{ count: number }>(statement));
    return row!.count;
  }
}
