import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { DiscordChannelEntity } from './discord-channel.entity.js';
import type { DiscordPartEntity, DiscordPartState } from './discord-part.entity.js';
import type { DiscordPostEntity, DiscordPostState } from './discord-post.entity.js';

export type DiscordChannelRow = DiscordChannelEntity;
export type DiscordPostRow = DiscordPostEntity;
export type DiscordPartRow = DiscordPartEntity;

const CHANNEL = `campaign_id AS "campaignId", sealed_url AS "sealedUrl", last_four AS "lastFour", label, updated_at AS "updatedAt"`;
const POST = `id, campaign_id AS "campaignId", object_id AS "objectId", digest, state, error, created_at AS "createdAt", opened_at AS "openedAt", finished_at AS "finishedAt"`;
const PART = `post_id AS "postId", part, campaign_id AS "campaignId", content, state, message_id AS "messageId"`;

/** Where campaigns post to, and what they have posted. */
@Injectable()
export class DiscordPostsRepository {
  findChannel(campaignId: string): Statement {
    return {
      name: 'tabletop.discord.find-channel',
      text: `SELECT ${CHANNEL} FROM tabletop.discord_channel WHERE campaign_id = $1`,
      values: [campaignId],
    };
  }

  async upsertChannel(tx: Tx, row: Omit<DiscordChannelRow, 'updatedAt'>): Promise<DiscordChannelRow> {
    const [stored] = await tx.query<DiscordChannelRow>({
      name: 'tabletop.discord.upsert-channel',
      text: `INSERT INTO tabletop.discord_channel (campaign_id, sealed_url, last_four, label) VALUES ($1, $2, $3, $4)
             ON CONFLICT (campaign_id) DO UPDATE SET sealed_url = $2, last_four = $3, label = $4, updated_at = now() RETURNING ${CHANNEL}`,
      values: [row.campaignId, row.sealedUrl, row.lastFour, row.label],
    });
    return stored!;
  }

  async deleteChannel(tx: Tx, campaignId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.discord.delete-channel',
      text: 'DELETE FROM tabletop.discord_channel WHERE campaign_id = $1 RETURNING 1',
      values: [campaignId],
    });
    return rows.length === 1;
  }

  /** Does nothing where this wording is there. */
  async insertPost(
    tx: Tx,
    row: Pick<DiscordPostRow, 'id' | 'campaignId' | 'objectId' | 'digest'>,
    contents: readonly string[],
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.discord.insert-post',
      text: `WITH post AS (
               INSERT INTO tabletop.discord_post (id, campaign_id, object_id, digest) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id
             )
             SELECT 1 FROM post`,
      values: [row.id, row.campaignId, row.objectId, row.digest],
    });
    if (rows.length === 0) return false;
    await tx.query({
      name: 'tabletop.discord.insert-parts',
      text: `INSERT INTO tabletop.discord_part (post_id, part, campaign_id, content)
             SELECT $1, (at - 1)::smallint, $2, content FROM unnest($3::text[]) WITH ORDINALITY AS one (content, at)`,
      values: [row.id, row.campaignId, contents],
    });
    return true;
  }

  async lockPost(tx: Tx, objectId: string, digest: string): Promise<DiscordPostRow> {
    const [row] = await tx.query<DiscordPostRow>({
      name: 'tabletop.discord.lock-post',
      text: `SELECT ${POST} FROM tabletop.discord_post WHERE object_id = $1 AND digest = $2 FOR UPDATE`,
      values: [objectId, digest],
    });
    return row!;
  }

  /** Newest first. */
  listPosts(objectId: string, most: number): Statement {
    return {
      name: 'tabletop.discord.list-posts',
      text: `SELECT ${POST} FROM tabletop.discord_post WHERE object_id = $1 ORDER BY id DESC LIMIT $2`,
      values: [objectId, most],
    };
  }

  listParts(postIds: readonly string[]): Statement {
    return {
      name: 'tabletop.discord.list-parts',
      text: `SELECT ${PART} FROM tabletop.discord_part WHERE post_id = ANY ($1::uuid[]) ORDER BY post_id, part`,
      values: [postIds],
    };
  }

  /** One that has failed is to be tried again: what has not surely arrived waits anew. */
  async reopenPost(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'tabletop.discord.reopen-post',
      text: `UPDATE tabletop.discord_post SET state = 'waiting', error = NULL, opened_at = now(), finished_at = NULL WHERE id = $1`,
      values: [id],
    });
    await tx.query({
      name: 'tabletop.discord.reopen-parts',
      text: `UPDATE tabletop.discord_part SET state = 'waiting' WHERE post_id = $1 AND state <> 'sent'`,
      values: [id],
    });
  }

  /** Of the platform: the post, and whether the party may still see what it is about. */
  async findWork(tx: Tx, id: string): Promise<(DiscordPostRow & { isForParty: boolean }) | null> {
    const [row] = await tx.query<DiscordPostRow & { isForParty: boolean }>({
      name: 'tabletop.discord.find-work',
      text: `SELECT p.id, p.campaign_id AS "campaignId", p.object_id AS "objectId", p.digest, p.state, p.error, p.created_at AS "createdAt",
               p.opened_at AS "openedAt", p.finished_at AS "finishedAt", (o.deleted_at IS NULL AND o.visibility IN ('party', 'public')) AS "isForParty"
             FROM tabletop.discord_post p JOIN tabletop.object o ON o.id = p.object_id WHERE p.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** @returns whether it was in that state, and nobody else has it */
  async movePart(
    tx: Tx,
    { postId, part }: Pick<DiscordPartRow, 'postId' | 'part'>,
    from: DiscordPartState,
    to: DiscordPartState,
    messageId: string | null = null,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.discord.move-part',
      text: 'UPDATE tabletop.discord_part SET state = $4, message_id = $5 WHERE post_id = $1 AND part = $2 AND state = $3 RETURNING 1',
      values: [postId, part, from, to, messageId],
    });
    return rows.length === 1;
  }

  async finishPost(tx: Tx, id: string, state: DiscordPostState, error: string | null): Promise<void> {
    await tx.query({
      name: 'tabletop.discord.finish-post',
      text: 'UPDATE tabletop.discord_post SET state = $2, error = $3, finished_at = now() WHERE id = $1',
      values: [id, state, error],
    });
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.discord.list-campaign',
      text: `SELECT ${POST} FROM tabletop.discord_post d
             WHERE campaign_id = $1 AND id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = d.object_id AND p.deleted_at IS NULL)
             ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
