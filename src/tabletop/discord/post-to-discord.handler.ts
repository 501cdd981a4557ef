import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { POST_TO_DISCORD } from './discord.jobs.js';
import { DiscordWebhooks } from './discord-webhooks.client.js';
import { discordUrlPlace } from './discord-channels.service.js';
import {
  type DiscordChannelRow,
  type DiscordPartRow,
  DiscordPostsRepository,
} from './discord-posts.repository.js';

/** Shorter waits are waited for; for longer ones the job comes back. */
const MOST_WAIT_MS = 3_000;
/** What has not gone out by then is no news any more. */
const LONGEST_MS = 24 * 3_600_000;

/** Why a post has failed; never changes. */
type PostFault = 'not-for-party' | 'no-channel' | 'refused' | 'unanswered' | 'unavailable';

/**
 * Says a post part by part. A part is claimed before it is sent and marked once Discord has answered, so it is said once however often the job runs;
 * one of which nobody knows stops the post, and a master decides.
 */
@Injectable()
@HandlesJob(POST_TO_DISCORD)
export class PostToDiscordHandler implements JobHandler<{ postId: string }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly posts: DiscordPostsRepository,
    private readonly vault: Vault,
    private readonly webhooks: DiscordWebhooks,
    private readonly jobs: Jobs,
  ) {}

  async handle({ postId }: { postId: string }, run: JobRun): Promise<void> {
    const work = await this.open(postId);
    if (work === null) return;
    if (typeof work === 'string') return this.fail(postId, work, run);
    for (const [at, part] of work.parts.entries()) {
      if (part.state === 'sent') continue;
      if (part.state !== 'waiting') {
        await this.move(part, part.state, 'unsure');
        return this.fail(postId, 'unanswered', run);
      }
      run.progress({ done: at, total: work.parts.length });
      if (!(await this.move(part, 'waiting', 'sending'))) return; // another try has it
      const outcome = await this.webhooks.post(work.campaignId, work.url, part.content, run.signal);
      switch (outcome.kind) {
        case 'sent':
          await this.move(part, 'sending', 'sent', outcome.messageId);
          if (outcome.waitMs > MOST_WAIT_MS) return this.comeBack(postId, outcome.waitMs, run);
          if (outcome.waitMs > 0) await sleep(outcome.waitMs, undefined, { signal: run.signal });
          break;
        case 'limited':
        case 'unavailable':
          await this.move(part, 'sending', 'waiting');
          return this.comeBack(postId, outcome.retryAfterMs, run);
        case 'refused':
          await this.move(part, 'sending', 'waiting');
          return this.fail(postId, 'refused', run);
        case 'unanswered':
          await this.move(part, 'sending', 'unsure');
          return this.fail(postId, 'unanswered', run);
      }
    }
    await run.once((tx) => this.posts.finishPost(tx, postId, 'sent', null));
  }

  private async open(
    postId: string,
  ): Promise<{ campaignId: string; url: string; parts: DiscordPartRow[] } | PostFault | null> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const post = await this.posts.findWork(tx, postId);
      if (post?.state !== 'waiting') return null;
      if (!post.isForParty) return 'not-for-party';
      if (Date.now() - post.openedAt.getTime() > LONGEST_MS) return 'unavailable';
      const [channel] = await tx.query<DiscordChannelRow>(this.posts.findChannel(post.campaignId));
      if (channel === undefined) return 'no-channel';
      const url = await this.vault.open(tx, discordUrlPlace(post.campaignId), channel.sealedUrl);
      const parts = await tx.query<DiscordPartRow>(this.posts.listParts([postId]));
      return { campaignId: post.campaignId, url: url.toString('utf8'), parts };
    });
  }

  private move(
    part: DiscordPartRow,
    from: DiscordPartRow['state'],
    to: DiscordPartRow['state'],
    messageId: string | null = null,
  ): Promise<boolean> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.posts.movePart(tx, part, from, to, messageId));
  }

  private async fail(postId: string, fault: PostFault, run: JobRun): Promise<void> {
    await run.once((tx) => this.posts.finishPost(tx, postId, 'failed', fault));
  }

  private async comeBack(postId: string, delayMs: number, run: JobRun): Promise<void> {
    await run.once((tx) =>
      this.jobs.enqueue(tx, { id: run.ownerId }, POST_TO_DISCORD, { postId }, { delayMs }),
    );
  }
}
