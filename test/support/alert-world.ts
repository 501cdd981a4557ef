import { AlertEvaluationRepository } from '../../src/market/alerts/alert-evaluation.repository.js';
import { AlertRequests } from '../../src/market/alerts/alert-requests.service.js';
import { AlertsRepository } from '../../src/market/alerts/alerts.repository.js';
import { AlertsService } from '../../src/market/alerts/alerts.service.js';
import { EvaluateAlerts } from '../../src/market/alerts/evaluate-alerts.service.js';
import { AnalyticsRepository } from '../../src/market/analytics/analytics.repository.js';
import { AnalyticsService } from '../../src/market/analytics/analytics.service.js';
import { RawMeansRepository } from '../../src/market/analytics/raw-means.repository.js';
import { ScannerService } from '../../src/market/analytics/scanner.service.js';
import { SeriesFiguresRepository } from '../../src/market/analytics/series-figures.repository.js';
import { SeriesFigures } from '../../src/market/analytics/series-figures.service.js';
import { utcDayOf } from '../../src/market/analytics/utc-day.js';
import { WindowFiguresRepository } from '../../src/market/analytics/window-figures.repository.js';
import type { WindowFigures } from '../../src/market/analytics/window-figures.service.js';
import { HeldFigures } from '../../src/market/analytics/held-figures.service.js';
import { CatalogDirectory } from '../../src/market/catalog/catalog-directory.service.js';
import { CatalogRepository, type ServerRow } from '../../src/market/catalog/catalog.repository.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { rebuildRollups } from '../factories/rollups.factory.js';
import { openTradeTerms } from './trade-terms.js';
import { type NotificationWorld, openNotifications } from './notification-world.js';
import { insertRaw } from './raw-worlds.js';
import type { TestUnits } from './units.js';
import { openWindowFigures } from './window-figures.js';

/** Alerts of a server and the figures that they ask, without a worker. */
export interface AlertWorld {
  readonly notifications: NotificationWorld;
  readonly alerts: AlertsService;
  readonly figures: WindowFigures;
  readonly evaluation: EvaluateAlerts;
  /** Prices of these items as they are observed now; rollups and figures follow. */
  price(server: ServerRow, prices: Record<number, number>): Promise<void>;
  /** Ten days of a price of 100. */
  history(server: ServerRow, itemIds: readonly number[]): Promise<void>;
}

export function openAlerts(units: TestUnits): AlertWorld {
  const notifications = openNotifications(units);
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const kept = new WindowFiguresRepository();
  const series = new SeriesFiguresRepository();
  const figures = openWindowFigures(units);
  const evaluationRows = new AlertEvaluationRepository();
  const requests = new AlertRequests(figures, evaluationRows, jobs);
  requests.onModuleInit();
  const scanner = new ScannerService(
    units.app,
    new AnalyticsService(units.app, new AnalyticsRepository()),
    new SeriesFigures(units.app, series, new HeldFigures(units.app, kept)),
    new RawMeansRepository(),
    openTradeTerms(units),
  );
  const idempotency = new IdempotencyService(new IdempotencyRepository());
  const audit = new Audit(new AuditRepository());
  const directory = new CatalogDirectory(units.app, new CatalogRepository());
  let place = 0;
  const today = (): string => utcDayOf(Date.now());
  const follow = async (server: ServerRow): Promise<void> => {
    await rebuildRollups((sql) => units.owner(sql), today());
    await figures.refresh(server.id);
  };
  return {
    notifications,
    figures,
    alerts: new AlertsService(units.app, new AlertsRepository(), directory, requests, idempotency, audit),
    evaluation: new EvaluateAlerts(units.system, evaluationRows, scanner, notifications.notifications),
    price: async (server, prices) => {
      place += 1;
      const raw = Object.entries(prices).map(([itemId, price]) => ({
        itemId: Number(itemId),
        daysAgo: 0,
        place,
        price,
      }));
      await insertRaw(units, server, raw, today());
      await follow(server);
    },
    history: async (server, itemIds) => {
      const days = Array.from({ length: 10 }, (_, index) => index + 1);
      const raw = itemIds.flatMap((itemId) =>
        days.map((daysAgo) => ({ itemId, daysAgo, place: 0, price: 100 })),
      );
      await insertRaw(units, server, raw, today());
      await follow(server);
    },
  };
}
