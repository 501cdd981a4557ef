import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import type { ChartOption } from '../../platform/charts/chart-style.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AnalyticsDesk, type AnalyticsPlace, type Asked } from '../analytics/analytics-desk.service.js';
import { MAX_SPAN_DAYS } from '../analytics/analytics-span.js';
import { AnswerCache } from '../analytics/answer-cache.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { type ItemRow, ItemsRepository } from '../catalog/items.repository.js';
import { unknownItem } from '../market.errors.js';
import { type BucketRow, SeriesRepository } from '../prices/series.repository.js';
import type { ChartQueryDto, SparklineQueryDto } from './charts.dto.js';
import { chartOption, type ChartPicture, sparklineOption } from './price-chart.js';

/** Pictures kept per process: 15 MB of charts of two years. */
const KEPT_PICTURES = 256;
const DAY_MS = 86_400_000;

export type ChartKind = 'sparkline' | 'chart';

const OPTION: Record<ChartKind, (picture: ChartPicture) => ChartOption> = {
  sparkline: sparklineOption,
  chart: chartOption,
};

/** Prices of one item as pictures, from the rollups of its days. */
@Injectable()
export class ChartsService {
  private readonly pictures = new AnswerCache(KEPT_PICTURES, Infinity);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly desk: AnalyticsDesk,
    private readonly items: ItemsRepository,
    private readonly series: SeriesRepository,
    private readonly renderer: ChartRenderer,
  ) {}

  /** @throws DomainError unknown game, server or item, or a span that is none */
  async draw(
    caller: Principal,
    kind: ChartKind,
    place: AnalyticsPlace,
    itemId: number,
    query: SparklineQueryDto | ChartQueryDto,
  ): Promise<Picture> {
    const { server, state, asked } = await this.desk.open(caller, place, query);
    const [item] = await this.uow.read<ItemRow>(caller, this.items.itemStatement(server.gameId, itemId));
    if (!item) throw unknownItem();
    const { width, height, theme } = query;
    const { from, to } = asked;
    // Everything that the picture shows; the rows are those of that state of the rollups.
    const key = [kind, server.id, itemId, item.label, state.rollup?.version, from, to, width, height, theme];
    return this.pictures.get(JSON.stringify(key), async () => {
      const days = await this.days(caller, server, itemId, asked);
      const title = item.label;
      const subtitle = `${server.name}  ·  ${from} – ${to}  ·  daily median, lowest to highest price`;
      const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
      const picture = { days, title, subtitle, ...span, width, height, theme };
      return pictureOf(await this.renderer.draw(OPTION[kind](picture), picture));
    });
  }

  private days(
    caller: Principal,
    server: ServerRow,
    itemId: number,
    { from, to }: Asked,
  ): Promise<BucketRow[]> {
    const span = { fromMs: Date.parse(from), endMs: Date.parse(to) + DAY_MS, limit: MAX_SPAN_DAYS + 1 };
    return this.uow.read<BucketRow>(caller, this.series.daysStatement(server.id, itemId, span));
  }
}
