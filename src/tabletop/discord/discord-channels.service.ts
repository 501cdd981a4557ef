import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { isOfOwnNetwork } from '../../platform/config/own-network.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { invalidWebhook, unknownDiscordChannel } from '../tabletop.errors.js';
import type { DiscordChannelChangeDto, DiscordChannelDto, OutboundHostsDto } from './discord.dto.js';
import { toDiscordChannelDto } from './discord.mapper.js';
import { type DiscordChannelRow, DiscordPostsRepository } from './discord-posts.repository.js';
import { readDiscordWebhookUrl } from './discord-webhook-url.js';

/** Where a campaign's webhook is sealed: with the campaign's key. */
export function discordUrlPlace(campaignId: string): SecretPlace {
  return { table: 'tabletop.discord_channel', column: 'sealed_url', rowId: campaignId, userId: campaignId };
}

/** Where a campaign posts to, and which hosts the server may call for it at all. Masters' alone. */
@Injectable()
export class DiscordChannels {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly access: CampaignAccess,
    private readonly posts: DiscordPostsRepository,
    private readonly vault: Vault,
    private readonly changes: CampaignChanges,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws DomainError unknown campaign; a role below a master's; none is set */
  find(caller: Principal, campaignId: string): Promise<DiscordChannelDto> {
    return this.uow.run(caller, async (tx) => {
      await this.access.require(tx, caller, campaignId, 'gm');
      const [row] = await tx.query<DiscordChannelRow>(this.posts.findChannel(campaignId));
      if (row === undefined) throw unknownDiscordChannel();
      return toDiscordChannelDto(row);
    });
  }

  /** @throws DomainError unknown campaign; a role below a master's; no webhook of Discord */
  async put(
    caller: Principal,
    campaignId: string,
    wish: DiscordChannelChangeDto,
  ): Promise<DiscordChannelDto> {
    const seat = await this.uow.run(caller, (tx) => this.access.require(tx, caller, campaignId, 'gm'));
    const url = readDiscordWebhookUrl(wish.url);
    if (url === null) throw invalidWebhook();
    const place = discordUrlPlace(seat.campaignId);
    const sealedUrl = await this.system.run(SYSTEM_SCOPE, (tx) => this.vault.seal(tx, place, url.href));
    return this.uow.run(caller, async (tx) => {
      await this.access.require(tx, caller, campaignId, 'gm');
      const { lastFour } = url;
      const label = wish.label ?? '';
      const row = await this.posts.upsertChannel(tx, {
        campaignId: seat.campaignId,
        sealedUrl,
        lastFour,
        label,
      });
      const after = { lastFour, label };
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        kind: 'discord',
        action: 'set',
        after,
      });
      return toDiscordChannelDto(row);
    });
  }

  /** @throws DomainError unknown campaign; a role below a master's; none is set */
  async remove(caller: Principal, campaignId: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      if (!(await this.posts.deleteChannel(tx, seat.campaignId))) throw unknownDiscordChannel();
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        kind: 'discord',
        action: 'removed',
      });
    });
  }

  /** @throws DomainError unknown campaign; a role below a master's */
  hosts(caller: Principal, campaignId: string): Promise<OutboundHostsDto> {
    return this.uow.run(caller, async (tx) => {
      const { campaign } = await this.access.require(tx, caller, campaignId, 'gm');
      const [channel] = await tx.query<DiscordChannelRow>(this.posts.findChannel(campaignId));
      const discord = {
        host: new URL(this.env.discordUrl).host,
        purpose: 'posts of sessions',
        isEnabled: channel !== undefined,
        setBy: 'the campaign’s Discord webhook',
      };
      const { ai, searchServer } = this.env;
      const searches =
        searchServer === undefined
          ? []
          : [
              {
                host: new URL(searchServer.baseUrl).host,
                purpose: 'the search server, which holds a copy of what is searched',
                isEnabled: true,
                setBy: 'ELASTICSEARCH_URL of the installation',
              },
            ];
      const models =
        ai === undefined
          ? []
          : [
              {
                host: new URL(ai.baseUrl).host,
                purpose:
                  ai.embeddingModel === undefined
                    ? 'drafts and plain questions'
                    : 'drafts, plain questions, and vectors of what is searched',
                isEnabled: mayBeAsked(campaign.aiPolicy, new URL(ai.baseUrl)),
                setBy: 'the campaign’s AI policy',
              },
            ];
      return { items: [discord, ...models, ...searches] };
    });
  }
}

/** Under `local`, names that look like the own network's are called, and then only at its addresses. */
function mayBeAsked(policy: AiPolicy, { hostname }: URL): boolean {
  return policy === 'any' || (policy === 'local' && isOfOwnNetwork(hostname));
}
