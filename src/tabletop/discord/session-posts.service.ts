import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { digestUuid } from '../../platform/crypto/digest.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { isForParty } from '../objects/object-kinds.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { sessionDetailsOf } from '../sessions/session-details.js';
import { notForParty, nothingToPost, unknownDiscordChannel } from '../tabletop.errors.js';
import type { DiscordPostDto, DiscordPostsDto } from './discord.dto.js';
import { POST_TO_DISCORD } from './discord.jobs.js';
import { toDiscordPostDto } from './discord.mapper.js';
import {
  type DiscordPartRow,
  type DiscordPostRow,
  DiscordPostsRepository,
} from './discord-posts.repository.js';
import { MOST_PARTS, type PostScene, splitPost } from './split-post.js';

const MOST_SHOWN = 50;

/**
 * What a session says to the party's channel: what the party sees of it, and nothing else. Whoever posts the same words again gets the post that
 * there is; one that has failed goes on where it was.
 */
@Injectable()
export class SessionPosts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly objects: CampaignObjects,
    private readonly posts: DiscordPostsRepository,
    private readonly jobs: Jobs,
    private readonly changes: CampaignChanges,
  ) {}

  /**
   * By masters.
   * @throws DomainError unknown object; a role below a master's; the party does not see the session; no webhook is set; nothing to say, or too much
   */
  post(caller: Principal, sessionId: string): Promise<DiscordPostDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'session', sessionId);
      assertRole(seat, 'gm');
      if (!isForParty(object.visibility)) throw notForParty();
      const [channel] = await tx.query(this.posts.findChannel(seat.campaignId));
      if (channel === undefined) throw unknownDiscordChannel();
      const contents = splitPost(scenesOf(object));
      if (contents.length === 0 || contents.length > MOST_PARTS) throw nothingToPost(MOST_PARTS);
      return this.begin(tx, caller, object, contents);
    });
  }

  /** The newest first. By masters. @throws DomainError unknown object; a role below a master's */
  list(caller: Principal, sessionId: string): Promise<DiscordPostsDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'session', sessionId);
      assertRole(seat, 'gm');
      const posts = await tx.query<DiscordPostRow>(this.posts.listPosts(object.id, MOST_SHOWN));
      const parts = await tx.query<DiscordPartRow>(this.posts.listParts(posts.map(({ id }) => id)));
      return { items: posts.map((post) => toDiscordPostDto(post, parts)) };
    });
  }

  private async begin(
    tx: Tx,
    caller: Principal,
    object: ObjectRow,
    contents: string[],
  ): Promise<DiscordPostDto> {
    const { campaignId, id: objectId } = object;
    const digest = digestUuid(JSON.stringify(contents));
    const isNew = await this.posts.insertPost(tx, { id: uuidv7(), campaignId, objectId, digest }, contents);
    const post = await this.posts.lockPost(tx, objectId, digest);
    if (post.state === 'failed') await this.posts.reopenPost(tx, post.id);
    if (isNew || post.state === 'failed')
      await this.jobs.enqueue(tx, caller, POST_TO_DISCORD, { postId: post.id });
    const action = isNew ? 'requested' : 'requested-again';
    await this.changes.record(tx, caller, { campaignId, objectId, kind: 'discord-post', action });
    const now = await this.posts.lockPost(tx, objectId, digest);
    const parts = await tx.query<DiscordPartRow>(this.posts.listParts([post.id]));
    return toDiscordPostDto(now, parts);
  }
}

/** Secrets are rows of their own, and no part of any of this. */
function scenesOf({ name, summary, body, details }: ObjectRow): PostScene[] {
  const { scenes } = sessionDetailsOf(details);
  return [
    { title: name, text: summary },
    ...scenes.map(({ title, text }) => ({ title, text })),
    { title: '', text: body },
  ];
}
