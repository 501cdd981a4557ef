import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { VersionedBody } from '../../platform/http/conditional.js';
import { toPage } from '../../platform/http/keyset.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { afterOf, AnalyticsDesk, type AnalyticsPlace, type Asked, idsOf } from './analytics-desk.service.js';
import type { AnalyticsState } from './analytics.service.js';
import { AnswerCache } from './answer-cache.js';
import { toFigureDto } from './figure-lists.mapper.js';
import { FigureLists } from './figure-lists.service.js';
import type { ScannerDto, ScannerPageDto, ScannerQueryDto } from './scanner.dto.js';
import { SCANNER_RULE, type ScannerFigure, type ScannerRule } from './scanner-rule.js';
import { ScannerService, type ScanQuestion } from './scanner.service.js';

/** Answers kept per process, and values in all of them. */
const CACHED_ANSWERS = 64;
const CACHED_VALUES = 100_000;

interface Opened {
  state: AnalyticsState;
  question: ScanQuestion;
  asked: Asked;
}

/** The scanner as the native API gives it. */
@Injectable()
export class NativeScannerService {
  private readonly cache = new AnswerCache(CACHED_ANSWERS, CACHED_VALUES);

  constructor(
    private readonly desk: AnalyticsDesk,
    private readonly scanner: ScannerService,
    private readonly lists: FigureLists,
  ) {}

  /** What an answer depends on besides the query. @throws DomainError for a query that would be refused */
  async version(principal: Principal, place: AnalyticsPlace, query: ScannerQueryDto): Promise<string> {
    afterOf(query.cursor);
    const { state, question } = await this.open(principal, place, ruleOf(query), query);
    return this.scanner.version(state, question);
  }

  /** @throws DomainError unknown game or server, a day that has not begun, a cursor of another list */
  scan(
    principal: Principal,
    place: AnalyticsPlace,
    query: ScannerQueryDto,
  ): Promise<VersionedBody<ScannerDto, string>> {
    return this.find(principal, place, ruleOf(query), query);
  }

  /** @param rule as a client sent it @throws DomainError with a fault for each field that does not fit, besides the above */
  async query(
    principal: Principal,
    place: AnalyticsPlace,
    rule: unknown,
    page: ScannerPageDto,
  ): Promise<ScannerDto> {
    return (await this.find(principal, place, parseInput(SCANNER_RULE, rule), page)).body;
  }

  private async find(
    principal: Principal,
    place: AnalyticsPlace,
    rule: ScannerRule,
    page: ScannerPageDto,
  ): Promise<VersionedBody<ScannerDto, string>> {
    const after = afterOf(page.cursor);
    const { state, question, asked } = await this.open(principal, place, rule, page);
    const known = await this.scanner.version(state, question);
    const { limit, cursor } = page;
    const key = JSON.stringify([state.serverId, known, question.span, rule, limit, cursor]);
    return this.cache.get(key, () => this.work(principal, { state, question, asked }, page, after));
  }

  private async work(
    principal: Principal,
    { state, question, asked }: Opened,
    page: ScannerPageDto,
    after: [number, number] | null,
  ): Promise<VersionedBody<ScannerDto, string>> {
    const { rule } = question;
    const { figures, terms, version } = await this.scanner.find(principal, state, question);
    const rows = (after ? figures.filter((figure) => isAfter(figure, after)) : figures).slice(
      0,
      page.limit + 1,
    );
    const names = await this.lists.names(
      principal,
      rows.map(({ itemId }) => itemId),
    );
    const { items, nextCursor } = toPage(
      rows.flatMap((figure) => {
        const name = names.get(figure.itemId);
        return name ? [{ ...figure, ...name }] : [];
      }),
      page.limit,
      ({ profit, itemId }) => [String(-profit), itemId],
      (row) => ({
        ...toFigureDto(row),
        category: row.category,
        currentPrice: row.currentPrice,
        averagePrice: row.averagePrice,
        profit: row.profit,
        marginOnCostPct: row.marginOnCostPct,
        marginOnAveragePct: row.marginOnAveragePct,
        volatilityPct: row.volatilityPct,
      }),
    );
    const { server, from, to } = asked;
    return { version, body: { server, from, to, method: rule.method, ...terms, items, nextCursor } };
  }

  private async open(
    principal: Principal,
    place: AnalyticsPlace,
    rule: ScannerRule,
    { asOf }: ScannerPageDto,
  ): Promise<Opened> {
    const { state, asked } = await this.desk.open(principal, place, { window: rule.windowDays, asOf });
    const span = { from: asked.from, to: asked.to };
    return { state, asked, question: { rule, span, nowMs: place.now.getTime() } };
  }
}

function isAfter({ profit, itemId }: ScannerFigure, [sortKey, afterId]: [number, number]): boolean {
  return -profit > sortKey || (-profit === sortKey && itemId > afterId);
}

function ruleOf(query: ScannerQueryDto): ScannerRule {
  const { asOf: _asOf, limit: _limit, cursor: _cursor, categoryIds, itemIds, ...rule } = query;
  return {
    ...rule,
    ...(categoryIds !== undefined && { categoryIds: idsOf(categoryIds)! }),
    ...(itemIds !== undefined && { itemIds: idsOf(itemIds)! }),
  };
}
