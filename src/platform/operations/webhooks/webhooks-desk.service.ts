import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ENV } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { SystemUnitOfWork } from '../../database/database.module.js';
import { SYSTEM_SCOPE } from '../../database/system-scope.js';
import type { Tx } from '../../database/unit-of-work.js';
import { isUuid } from '../../database/uuid.js';
import { DomainError } from '../../http/domain-error.js';
import { decodeCursor, toPage } from '../../http/keyset.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { judgeUrl, type UrlFault } from '../../outbound/address-guard.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { URL_FAULTS } from '../url-faults.js';
import { Audit, type AuditEvent } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { Vault } from '../../vault/vault.service.js';
import { MOST_WEBHOOKS } from './webhook-announcer.service.js';
import { secretPlace } from './webhook-sender.service.js';
import type {
  CreatedWebhookDto,
  NewWebhookDto,
  WebhookDeliveriesDto,
  WebhookDeliveryDto,
  WebhookDto,
  WebhooksDto,
} from './webhooks.dto.js';
import { DELIVER_WEBHOOK } from './webhooks.jobs.js';
import { toCreatedWebhookDto, toDeliveryDto, toWebhookDto } from './webhooks.mapper.js';
import { type WebhookRow, WebhooksRepository } from './webhooks.repository.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';

/** Hooks of the installation, as administrators see and keep them. */
@Injectable()
export class WebhooksDesk {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: WebhooksRepository,
    private readonly jobs: Jobs,
    private readonly vault: Vault,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** The address is judged as far as the URL tells; the connection judges it again, each time. */
  async create(caller: Principal, { url, description, events }: NewWebhookDto): Promise<CreatedWebhookDto> {
    const judged = judgeUrl(url, this.env.isOutboundPrivateAllowed);
    if (judged.url === undefined) throw refusedUrl(judged.fault);
    const { href } = judged.url;
    const id = uuidv7();
    const secret = `whsec_${randomBytes(32).toString('base64url')}`;
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.assertRoom(tx);
      const sealedSecret = await this.vault.seal(tx, secretPlace(id), secret);
      const hook = { id, url: href, description: description ?? null, events, sealedSecret };
      await this.rows.insertWebhook(tx, hook);
      await this.audit.record(tx, caller, webhookEvent('created', id, { after: shown(href, events) }));
      return toCreatedWebhookDto(await this.get(tx, id), secret);
    });
  }

  async list(query: PageQueryDto): Promise<WebhooksDto> {
    const before = beforeOf(query);
    const rows = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.listWebhooks(tx, before, query.limit + 1),
    );
    return toPage(rows, query.limit, (row) => [row.id], toWebhookDto);
  }

  find(id: string): Promise<WebhookDto> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => toWebhookDto(await this.get(tx, id)));
  }

  async delete(caller: Principal, id: string): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const { url, events } = known(isUuid(id) ? await this.rows.deleteWebhook(tx, id) : undefined);
      await this.audit.record(tx, caller, webhookEvent('deleted', id, { before: shown(url, events) }));
    });
  }

  enable(caller: Principal, id: string): Promise<WebhookDto> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const { isEnabled } = await this.get(tx, id);
      await this.rows.updateEnabled(tx, id);
      await this.audit.record(
        tx,
        caller,
        webhookEvent('enabled', id, { before: { isEnabled }, after: { isEnabled: true } }),
      );
      return toWebhookDto(await this.get(tx, id));
    });
  }

  /** Sends an event of its own to this hook alone. */
  test(caller: Principal, id: string): Promise<WebhookDeliveryDto> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const { isEnabled } = await this.get(tx, id);
      if (!isEnabled)
        throw new DomainError('conflict', OPERATIONS_ERROR.webhookDisabled, 'The webhook is disabled.');
      const deliveryId = uuidv7();
      await this.rows.insertDelivery(tx, deliveryId, id, 'webhook.test', { count: 1 });
      await this.jobs.enqueue(tx, SYSTEM_SCOPE, DELIVER_WEBHOOK, { deliveryId });
      await this.audit.record(tx, caller, webhookEvent('tested', id, { after: { deliveryId } }));
      return toDeliveryDto((await this.rows.findDelivery(tx, deliveryId))!);
    });
  }

  async listDeliveries(id: string, query: PageQueryDto): Promise<WebhookDeliveriesDto> {
    const before = beforeOf(query);
    const rows = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.get(tx, id);
      return this.rows.listDeliveries(tx, id, before, query.limit + 1);
    });
    return toPage(rows, query.limit, (row) => [row.id], toDeliveryDto);
  }

  private async get(tx: Tx, id: string): Promise<WebhookRow> {
    return known(isUuid(id) ? await this.rows.findWebhook(tx, id) : undefined);
  }

  /** Whoever comes at the same time waits here for the commit, and then counts what it added. */
  private async assertRoom(tx: Tx): Promise<void> {
    await this.rows.lockRoom(tx);
    if ((await this.rows.countWebhooks(tx)) >= MOST_WEBHOOKS)
      throw new DomainError(
        'conflict',
        OPERATIONS_ERROR.tooManyWebhooks,
        `There are ${MOST_WEBHOOKS} webhooks, the most there may be.`,
      );
  }
}

function known(row: WebhookRow | undefined): WebhookRow {
  if (!row) throw new DomainError('notFound', OPERATIONS_ERROR.webhookUnknown, 'There is no such webhook.');
  return row;
}

/** What the trail keeps of a hook: the path and query of its URL may be the receiver's secret. */
function shown(url: string, events: readonly string[]): object {
  return { origin: new URL(url).origin, events };
}

function beforeOf({ cursor }: PageQueryDto): string | null {
  if (cursor === undefined) return null;
  const [before] = decodeCursor(cursor, ['string'] as const);
  return isUuid(before) ? before : '00000000-0000-0000-0000-000000000000';
}

function refusedUrl(fault: UrlFault): DomainError {
  const detail = URL_FAULTS[fault];
  return new DomainError('unprocessable', OPERATIONS_ERROR.webhookUrlRefused, detail, [
    { pointer: '/url', code: fault, detail },
  ]);
}

function webhookEvent(
  what: 'created' | 'deleted' | 'enabled' | 'tested',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `platform.webhook-${what}`, object: { type: 'platform.webhook', id }, ...change };
}
