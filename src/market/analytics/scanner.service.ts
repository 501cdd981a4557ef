import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import type { Span } from './analytics-span.js';
import { AnalyticsService, type AnalyticsState } from './analytics.service.js';
import { spanLength } from './figure-table.js';
import { DOCUMENT_FRESHNESS_H, rawSpan } from './raw-mean.js';
import { RawMeansRepository } from './raw-means.repository.js';
import { type DocumentMeans, scannerFigure } from './scanner-figure.js';
import { matchesRule, type ScannerFigure, type ScannerRule } from './scanner-rule.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays, type UtcDay, utcDayOf } from './utc-day.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A rule without the bounds of its window, and the days that it looks at. */
export interface ScanQuestion {
  rule: ScannerRule;
  span: Span;
  /** Unix time for which it is asked; ages are counted to the end of the span where that lies before. */
  nowMs: number;
}

/** What a scan found, and what that depends on. */
export interface Scan {
  figures: ScannerFigure[];
  terms: TradeTerms;
  version: string;
}

/** Tries a rule on every item of a server, today or as of a day gone by. */
@Injectable()
export class ScannerService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly analytics: AnalyticsService,
    private readonly series: SeriesFigures,
    private readonly rawMeans: RawMeansRepository,
    private readonly terms: TradeTermsService,
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
    const state = await this.analytics.state(principal, serverId, today);
    const span = { from: addDays(to, -rule.windowDays), to };
    return (await this.find(principal, state, { rule, span, nowMs })).figures;
  }

  /**
   * What an answer depends on. A rule that looks at hours is judged by the minute; of any other the answer stays as long as its
   * figures and what selling costs.
   */
  async version(state: AnalyticsState, { rule, span, nowMs }: ScanQuestion): Promise<string> {
    const { saleTaxPct, listingFeePct } = await this.terms.of(state.serverId);
    const minute = hasHours(rule) ? `.${Math.floor(nowMs / MINUTE_MS)}` : '';
    return `${this.series.version(state, span)}.${saleTaxPct}+${listingFeePct}${minute}`;
  }

  /** The same for any span. */
  async find(principal: Principal, state: AnalyticsState, question: ScanQuestion): Promise<Scan> {
    const { rule, span, nowMs } = question;
    const endOn = span.to < state.today ? span.to : state.today;
    const [table, terms, version] = await Promise.all([
      this.series.table(principal, state, span),
      this.terms.of(state.serverId),
      this.version(state, question),
    ]);
    const untilMs = endOn < state.today ? Date.parse(`${endOn}T00:00:00Z`) + DAY_MS : nowMs;
    const atMs = hasHours(rule) ? Math.floor(untilMs / MINUTE_MS) * MINUTE_MS : untilMs;
    const means =
      rule.method === 'document'
        ? await this.documentMeans(principal, state.serverId, table.itemIds, { rule, endOn, atMs })
        : undefined;
    const given = { length: spanLength({ ...span, endOn }), terms };
    const figures: ScannerFigure[] = [];
    for (const [place, itemId] of table.itemIds.entries()) {
      const figure = scannerFigure(rule.method, table, place, { ...given, means: means?.get(itemId) });
      if (figure !== null && matchesRule(rule, figure, atMs)) figures.push(figure);
    }
    figures.sort((a, b) => b.profit - a.profit || a.itemId - b.itemId);
    return { figures, terms, version };
  }

  private documentMeans(
    principal: Principal,
    serverId: number,
    itemIds: Int32Array,
    { rule, endOn, atMs }: { rule: ScannerRule; endOn: UtcDay; atMs: number },
  ): Promise<Map<number, DocumentMeans>> {
    const spans = {
      fresh: rawSpan(atMs, rule.maxAgeH ?? DOCUMENT_FRESHNESS_H),
      window: rawSpan(atMs, rule.windowDays * 24),
    };
    return this.uow.run(principal, (tx) => this.rawMeans.listMeans(tx, serverId, itemIds, endOn, spans));
  }
}

/** Whether time alone changes what the rule finds. */
function hasHours({ maxAgeH, method }: ScannerRule): boolean {
  return maxAgeH !== undefined || method === 'document';
}
