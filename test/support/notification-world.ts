import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import type { Principal } from '../../src/platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { RunningJob } from '../../src/platform/jobs/running-job.js';
import { IdempotencyRepository } from '../../src/platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../src/platform/http/idempotency.service.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { HookCaller } from '../../src/platform/notifications/hook-caller.service.js';
import { MailSender } from '../../src/platform/notifications/mail-sender.service.js';
import { Mailer } from '../../src/platform/notifications/mailer.service.js';
import { NotificationChannelsRepository } from '../../src/platform/notifications/notification-channels.repository.js';
import { NotificationDeliveriesRepository } from '../../src/platform/notifications/notification-deliveries.repository.js';
import { NotificationSender } from '../../src/platform/notifications/notification-sender.service.js';
import { NotificationsRepository } from '../../src/platform/notifications/notifications.repository.js';
import { DELIVER_NOTIFICATION } from '../../src/platform/notifications/notifications.jobs.js';
import {
  type NotificationEvent,
  Notifications,
} from '../../src/platform/notifications/notifications.service.js';
import { Recipients } from '../../src/platform/notifications/recipients.service.js';
import { ChannelsDesk } from '../../src/platform/operations/notifications/channels-desk.service.js';
import { NewChannels } from '../../src/platform/operations/notifications/new-channels.service.js';
import type {
  CreatedChannelDto,
  NewChannelDto,
} from '../../src/platform/operations/notifications/notifications.dto.js';
import { openOutbound } from './outbound-trial.js';
import type { TestUnits } from './units.js';
import { openVault } from './vault-world.js';

/** Notifications as one process has them, without a worker: its jobs are run by hand. */
export interface NotificationWorld {
  readonly rows: NotificationsRepository;
  readonly notifications: Notifications;
  readonly sender: NotificationSender;
  readonly desk: ChannelsDesk;
  /** What an erasure does first: nothing that was sealed for the account opens again. */
  forgetKeys(userId: string): Promise<void>;
  createChannel(caller: Principal, given: NewChannelDto): Promise<CreatedChannelDto>;
  publish(event: Partial<NotificationEvent> & { userId: string }): Promise<string | undefined>;
  /** The job that waits for a delivery, as a worker would run it. */
  jobOf(deliveryId: string): Promise<RunningJob>;
  deliver(deliveryId: string): Promise<void>;
  deliveriesOf(
    userId: string,
  ): Promise<{ id: string; channel: string; state: string; error: string | null }[]>;
  close(): Promise<void>;
}

export interface NotificationWorldOptions {
  smtpUrl?: string;
  discordUrl?: string;
  addressOf?: (userId: string) => string | undefined;
}

export function openNotifications(
  units: TestUnits,
  options: NotificationWorldOptions = {},
): NotificationWorld {
  const env = parseEnvironment({
    OUTBOUND_ALLOW_PRIVATE: 'true',
    SMTP_URL: options.smtpUrl,
    DISCORD_URL: options.discordUrl,
    PUBLIC_URL: 'https://guild.example.org',
  });
  const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
  const trial = openOutbound(units, { isPrivateAllowed: true });
  const jobRows = new JobsRepository();
  const jobs = new Jobs(jobRows, { ring: () => undefined });
  const mailer = new Mailer(env);
  const { vault } = openVault(units, 'notifications');
  const rows = new NotificationsRepository();
  const channels = new NotificationChannelsRepository();
  const deliveries = new NotificationDeliveriesRepository();
  const recipients = new Recipients();
  recipients.askAt((_tx, userId) => Promise.resolve(options.addressOf?.(userId)));
  const notifications = new Notifications(rows, deliveries, jobs, mailer);
  const mails = new MailSender(mailer, recipients, env, logger);
  const caller = new HookCaller(trial.outbound, env);
  const sender = new NotificationSender(
    units.system,
    deliveries,
    channels,
    notifications,
    caller,
    mails,
    vault,
  );
  const audit = new Audit(new AuditRepository());
  const desk = new ChannelsDesk(units.app, channels, deliveries, notifications, audit);
  const idempotency = new IdempotencyService(new IdempotencyRepository());
  const newChannels = new NewChannels(units.app, channels, vault, idempotency, audit, env);
  const jobOf = async (deliveryId: string): Promise<RunningJob> => {
    const [job] = await units.owner<{ id: string }>(
      `SELECT id FROM platform.job WHERE name = $1 AND payload ->> 'deliveryId' = $2 AND state = 'open' ORDER BY id DESC`,
      [DELIVER_NOTIFICATION.name, deliveryId],
    );
    return new RunningJob(job!.id, SYSTEM_SCOPE.id, 1, units.system, jobRows);
  };
  return {
    rows,
    notifications,
    sender,
    desk,
    forgetKeys: (userId) => units.system.run(SYSTEM_SCOPE, (tx) => vault.forget(tx, userId)),
    createChannel: async (by, given) => (await newChannels.create(by, given, undefined)).body,
    publish: (event) =>
      units.system.run(SYSTEM_SCOPE, (tx) =>
        notifications.publish(tx, {
          topic: 'market.alert',
          key: 'occasion',
          title: 'Cheap wood',
          body: 'Ash 12',
          payload: { itemId: 7 },
          ...event,
        }),
      ),
    jobOf,
    deliver: async (deliveryId) => {
      const run = await jobOf(deliveryId);
      await sender.deliver(deliveryId, run);
      await run.finish();
    },
    deliveriesOf: (userId) =>
      units.owner(
        'SELECT id, channel, state, error FROM platform.notification_delivery WHERE user_id = $1 ORDER BY channel',
        [userId],
      ),
    close: async () => {
      mailer.onApplicationShutdown();
      await trial.outbound.onApplicationShutdown();
    },
  };
}

/** An account as the guard leaves it. */
export function aMember(id: string): Principal {
  return { id, kind: 'account', name: 'somebody', permissions: new Set(['account:own', 'market:own']) };
}
