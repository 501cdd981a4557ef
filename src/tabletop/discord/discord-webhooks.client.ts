import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';

/** Tries belong to the post, whose parts are claimed one by one. */
const DISCORD_POSTS = defineProvider({
  provider: 'discord-posts',
  mostTries: 1,
  mostResponseBytes: 100_000,
  mostParallel: 2,
  judge: ({ status, body }) =>
    status === 429 ? { kind: 'limited', retryAfterMs: retryAfterOf(body) } : null,
});

const LIMITED = z.object({ retry_after: z.number().min(0).max(86_400) });
const POSTED = z.object({ id: z.string().min(1).max(40) });

/** How a try ended; what was never sent, or refused as a whole, can be sent again without saying anything twice. */
export type PostOutcome =
  | { readonly kind: 'sent'; readonly messageId: string | null; readonly waitMs: number }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** Discord does not know the webhook any more, or does not take the message. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Not called, or refused with a fault of its own. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number }
  /** Nobody knows whether it has arrived. */
  | { readonly kind: 'unanswered' };

const USUAL_WAIT_MS = 5_000;
const NOT_SENT: ReadonlySet<string> = new Set([
  OUTBOUND_ERROR.circuitOpen,
  OUTBOUND_ERROR.tooBusy,
  OUTBOUND_ERROR.budgetExhausted,
  OUTBOUND_ERROR.unavailable,
]);

/** Says something in a channel, by its webhook. */
@Injectable()
export class DiscordWebhooks {
  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @param receiver names the webhook without its secret @param url as Discord gives it out; where it is called, the settings say */
  async post(receiver: string, url: string, content: string, signal: AbortSignal): Promise<PostOutcome> {
    const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
    const at = `${this.env.discordUrl}${new URL(url).pathname}?wait=true`;
    const headers = { 'content-type': 'application/json' };
    const call = { receiver, url: at, method: 'POST', headers, body, signal, redirect: 'manual' } as const;
    try {
      const answer = await this.outbound.request(DISCORD_POSTS, call);
      if (answer.status < 200 || answer.status > 299) return { kind: 'refused', status: answer.status };
      return { kind: 'sent', messageId: messageIdOf(answer.body), waitMs: waitOf(answer.headers) };
    } catch (error) {
      if (!(error instanceof OutboundError) || error.code === OUTBOUND_ERROR.aborted) throw error;
      const retryAfterMs = error.retryAfterMs ?? USUAL_WAIT_MS;
      if (error.code === OUTBOUND_ERROR.rateLimited) return { kind: 'limited', retryAfterMs };
      if (NOT_SENT.has(error.code)) return { kind: 'unavailable', retryAfterMs };
      return { kind: 'unanswered' };
    }
  }
}

function parsed<T>(schema: z.ZodType<T>, body: Buffer): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** In seconds with their fractions; the header says whole ones. */
function retryAfterOf(body: Buffer): number | undefined {
  const told = parsed(LIMITED, body);
  return told === undefined ? undefined : Math.ceil(told.retry_after * 1_000);
}

const messageIdOf = (body: Buffer): string | null => parsed(POSTED, body)?.id ?? null;

/** Of the webhook's bucket: when it is empty, until it is full again. */
function waitOf(headers: Readonly<Record<string, string>>): number {
  if (headers['x-ratelimit-remaining'] !== '0') return 0;
  const seconds = Number(headers['x-ratelimit-reset-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds * 1_000), 86_400_000) : 0;
}
