import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { toDiscordPostDto } from './discord.mapper.js';
import {
  type DiscordPartRow,
  type DiscordPostRow,
  DiscordPostsRepository,
} from './discord-posts.repository.js';

const PORTION = 20;

/** What was posted of sessions, for masters alone. */
@Injectable()
@OffersPart('discordPosts', 'discord_post', 'discord_part')
export class DiscordPostsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly posts: DiscordPostsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const { posts, parts } = await this.uow.run(caller, async (tx) => {
      const found = await tx.query<DiscordPostRow>(
        this.posts.listCampaign(campaignId, after ?? FIRST_ID, PORTION),
      );
      const ids = found.map(({ id }) => id);
      return { posts: found, parts: await tx.query<DiscordPartRow>(this.posts.listParts(ids)) };
    });
    return partPage(
      posts,
      ({ id }) => id,
      (post) => ({ sessionId: post.objectId, ...toDiscordPostDto(post, parts) }),
    );
  }
}
