import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { insertServer } from '../../../test/factories/server.factory.js';
import { type AlertWorld, openAlerts } from '../../../test/support/alert-world.js';
import { type JobWorld, openJobWorld } from '../../../test/support/job-world.js';
import { aMember } from '../../../test/support/notification-world.js';
import { prepareForWorlds } from '../../../test/support/raw-worlds.js';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { openTradeTerms } from '../../../test/support/trade-terms.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { Mailer } from '../../platform/notifications/mailer.service.js';
import { NotificationDeliveriesRepository } from '../../platform/notifications/notification-deliveries.repository.js';
import { NotificationsRepository } from '../../platform/notifications/notifications.repository.js';
import { Notifications } from '../../platform/notifications/notifications.service.js';
import { AnalyticsRepository } from '../analytics/analytics.repository.js';
import { AnalyticsService } from '../analytics/analytics.service.js';
import { HeldFigures } from '../analytics/held-figures.service.js';
import { IndexLinksRepository } from '../analytics/index-links.repository.js';
import { MarketIndexes } from '../analytics/market-indexes.service.js';
import { RawMeansRepository } from '../analytics/raw-means.repository.js';
import { ScannerService } from '../analytics/scanner.service.js';
import { SeriesFiguresRepository } from '../analytics/series-figures.repository.js';
import { SeriesFigures } from '../analytics/series-figures.service.js';
import { WindowFiguresRepository } from '../analytics/window-figures.repository.js';
import { WindowFigures } from '../analytics/window-figures.service.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import { MARKET_ALERT_QUEUE } from '../market.queues.js';
import { AlertEvaluationRepository } from './alert-evaluation.repository.js';
import { AlertRequests } from './alert-requests.service.js';
import { EVALUATE_ALERTS, SWEEP_ALERTS } from './alerts.jobs.js';
import { EvaluateAlertsHandler } from './evaluate-alerts.handler.js';
import { EvaluateAlerts } from './evaluate-alerts.service.js';
import { SweepAlertsHandler } from './sweep-alerts.handler.js';

const BACKENDS = [
  ['postgres', true],
  ['redis', hasRedis()],
] as const;

describe.each(BACKENDS)('alerts with jobs on %s', (kind, isThere) => {
  (isThere ? describe : describe.skip)(`with ${kind}`, () => {
    let units: TestUnits;
    let redis: TestRedis | undefined;
    let jobs: JobWorld;
    let world: AlertWorld;

    beforeAll(async () => {
      units = await openUnits();
      await prepareForWorlds(units);
      if (kind === 'redis') redis = await startRedis();
      world = openAlerts(units);
      jobs = await openJobWorld({
        databaseUrl: units.url,
        redisUrl: redis?.url,
        catalog: { queues: [MARKET_ALERT_QUEUE], jobs: [EVALUATE_ALERTS, SWEEP_ALERTS], schedules: [] },
        handlers: [
          EvaluateAlertsHandler,
          SweepAlertsHandler,
          EvaluateAlerts,
          AlertRequests,
          AlertEvaluationRepository,
          ScannerService,
          AnalyticsService,
          AnalyticsRepository,
          RawMeansRepository,
          SeriesFigures,
          SeriesFiguresRepository,
          HeldFigures,
          WindowFigures,
          WindowFiguresRepository,
          MarketIndexes,
          IndexLinksRepository,
          { provide: TradeTermsService, useValue: openTradeTerms(units) },
          Notifications,
          NotificationsRepository,
          NotificationDeliveriesRepository,
          { provide: Mailer, useValue: { isConfigured: false } },
        ],
      });
    });

    afterAll(async () => {
      await jobs.close();
      await redis?.stop();
      await world.notifications.close();
      await units.close();
    });

    it('fire behind the figures, once', async () => {
      const caller = aMember(randomUUID());
      const server = await insertServer(units);
      await world.history(server, [1]);
      const rule = { method: 'classic', minMarginOnCostPct: 20 };
      const given = { game: 'dofus', server: server.key, name: 'Cheap', rule, rearmPct: 10, silenceH: null };
      const { id } = (await world.alerts.create(caller, given, undefined)).body;
      await world.price(server, { 1: 70 });
      const fired = await waitUntil('it has fired', 20_000, async () => {
        const alert = await world.alerts.find(caller, id);
        return alert.firedAt === null ? undefined : alert;
      });
      expect(fired.matchedCount).toBe(1);
      const told = await units.owner('SELECT key FROM platform.notification WHERE user_id = $1', [caller.id]);
      expect(told).toHaveLength(1);
    });
  });
});
