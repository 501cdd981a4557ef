import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { NO_TERMS, type TradeTerms } from '../terms/trade-terms.js';
import { AnalyticsService } from './analytics.service.js';
import { SCANNER_COLUMNS, scannerFigure } from './scanner-figure.js';
import { matchesRule, type ScannerFigure, type ScannerRule } from './scanner-rule.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays, type UtcDay, utcDayOf } from './utc-day.js';

const DAY_MS = 86_400_000;

/** Tries a rule on every item of a server, today or as of a day gone by. */
@Injectable()
export class ScannerService {
  constructor(
    private readonly analytics: AnalyticsService,
    private readonly series: SeriesFigures,
  ) {}

  /**
   * @param nowMs Unix time for which the rule is asked
   * @param asOfDay what the rule would have found at the end of that day; nothing observed later counts
   * @returns what matches, best profit first, ties by item
   */
  async scan(
    principal: Principal,
    serverId: number,
    rule: ScannerRule,
    nowMs: number,
    asOfDay?: UtcDay,
  ): Promise<ScannerFigure[]> {
    const today = utcDayOf(nowMs);
    const to = asOfDay ?? today;
    const span = { from: addDays(to, -rule.windowDays), to, endOn: to < today ? to : today };
    const state = await this.analytics.state(principal, serverId, today);
    const [table, terms] = await Promise.all([
      this.series.table(principal, state, span, SCANNER_COLUMNS),
      this.termsOf(serverId),
    ]);
    const atMs = to < today ? Date.parse(`${to}T00:00:00Z`) + DAY_MS : nowMs;
    const found: ScannerFigure[] = [];
    for (let place = 0; place < table.itemIds.length; place += 1) {
      const figure = scannerFigure(rule.method, table, place, { span, terms });
      if (figure !== null && matchesRule(rule, figure, atMs)) found.push(figure);
    }
    return found.sort((a, b) => b.profit - a.profit || a.itemId - b.itemId);
  }

  /** What selling costs on a server: nothing. */
  private termsOf(_serverId: number): Promise<TradeTerms> {
    return Promise.resolve(NO_TERMS);
  }
}
