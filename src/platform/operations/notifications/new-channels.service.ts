import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { ENV } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { type Tx, UnitOfWork } from '../../database/unit-of-work.js';
import { DomainError } from '../../http/domain-error.js';
import { IdempotencyService, type IdempotentRequest, type Outcome } from '../../http/idempotency.service.js';
import { NotificationChannelsRepository } from '../../notifications/notification-channels.repository.js';
import { type ChannelTarget, targetPlace } from '../../notifications/notification-sender.service.js';
import { MOST_CHANNELS } from '../../notifications/notifications.service.js';
import { Vault } from '../../vault/vault.service.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { channelEvent, shown } from './channel-events.js';
import { targetUrl } from './channel-url.js';
import type { ChannelDto, CreatedChannelDto, NewChannelDto } from './notifications.dto.js';
import { toChannelDto } from './notifications.mapper.js';

/** Adds channels. The answer that is kept for a repetition has no secret; that is read from where it is sealed. */
@Injectable()
export class NewChannels {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly channels: NotificationChannelsRepository,
    private readonly vault: Vault,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** The address is judged as far as the URL tells; the connection judges it again, each time. */
  create(
    caller: Principal,
    given: NewChannelDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CreatedChannelDto>> {
    const target = targetUrl(given.kind, given.url, this.env.isOutboundPrivateAllowed);
    return this.uow.run(caller, async (tx) => {
      const outcome = await this.idempotency.once(tx, caller, request, 201, () =>
        this.insert(tx, caller, given, target),
      );
      return {
        ...outcome,
        body: { ...outcome.body, secret: await this.secretOf(tx, caller, outcome.body.id) },
      };
    });
  }

  private async insert(
    tx: Tx,
    caller: Principal,
    { kind, label }: NewChannelDto,
    target: URL,
  ): Promise<ChannelDto> {
    const [id, userId] = [uuidv7(), caller.id];
    const secret = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64url')}` : undefined;
    const plain: ChannelTarget = { url: target.href, ...(secret === undefined ? {} : { secret }) };
    await this.assertRoom(tx, userId);
    const sealedTarget = await this.vault.seal(tx, targetPlace({ id, userId }), JSON.stringify(plain));
    const row = { id, userId, kind, label: label ?? null, origin: target.origin, sealedTarget };
    const made = await this.channels.insertChannel(tx, row);
    await this.audit.record(tx, caller, channelEvent('created', id, { after: shown(made) }));
    return toChannelDto(made);
  }

  /** Null for Discord, and for a channel that is gone since. */
  private async secretOf(tx: Tx, { id: userId }: Principal, id: string): Promise<string | null> {
    if ((await this.channels.findChannel(tx, id)) === undefined) return null;
    const sealed = await this.channels.getSealedTarget(tx, id);
    const plain = await this.vault.open(tx, targetPlace({ id, userId }), sealed);
    return (JSON.parse(plain.toString()) as ChannelTarget).secret ?? null;
  }

  /** Whoever comes at the same time waits here for the commit, and then counts what it added. */
  private async assertRoom(tx: Tx, userId: string): Promise<void> {
    await this.channels.lockRoom(tx, userId);
    if ((await this.channels.listChannels(tx)).length >= MOST_CHANNELS)
      throw new DomainError(
        'conflict',
        OPERATIONS_ERROR.tooManyChannels,
        `There are ${MOST_CHANNELS} channels, the most an account may have.`,
      );
  }
}
