import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { OUTBOUND_ERROR, OutboundError } from '../outbound/outbound.errors.js';
import { defineProvider, type OutboundPolicy } from '../outbound/outbound-policy.js';
import { Outbound, type OutboundRequest } from '../outbound/outbound.service.js';
import type { Try } from './delivery-retries.js';
import { SIGNATURE_HEADER, signatureOf } from './webhook-signature.js';

/** Receivers: addresses that people have typed in. Tries belong to the delivery, not to the call. */
const RECEIVER = defineProvider({
  provider: 'webhook',
  isUserGiven: true,
  mostTries: 1,
  mostResponseBytes: 100_000,
  mostParallel: 4,
});

/** Its webhooks live below a base of the configuration. As with receivers, one that fails is no reason to leave the others alone. */
const DISCORD = defineProvider({
  provider: 'discord',
  mostTries: 1,
  mostResponseBytes: 100_000,
  mostParallel: 4,
});

/** Reasons of our own not to have called: the receiver is not to blame. */
const OUR_REASONS: ReadonlySet<string> = new Set([OUTBOUND_ERROR.circuitOpen, OUTBOUND_ERROR.tooBusy]);

/** What a receiver of signed deliveries is told. */
export interface HookCall {
  /** Id of the hook or channel, which is up or down by itself. */
  readonly receiver: string;
  readonly url: string;
  readonly secret: string;
  readonly event: string;
  /** The same at each try: a receiver knows by it what it has seen before. */
  readonly deliveryId: string;
  readonly body: object;
}

/** Makes one try at a receiver and says how it ended. */
@Injectable()
export class HookCaller {
  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** POSTs JSON, signed over its time and its very bytes. */
  callSigned(
    { receiver, url, secret, event, deliveryId, body }: HookCall,
    signal: AbortSignal,
  ): Promise<Try> {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'guildhall-event': event,
      'guildhall-delivery': deliveryId,
      [SIGNATURE_HEADER]: signatureOf(secret, text, Math.floor(Date.now() / 1_000)),
    };
    return this.post(RECEIVER, { receiver, url, headers, body: text, signal });
  }

  /**
   * Says something in a Discord channel; whoever it names is not pinged by it.
   * @param receiver id of the channel @param url as Discord gives it out
   */
  callDiscord(receiver: string, url: string, content: string, signal: AbortSignal): Promise<Try> {
    const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
    const at = `${this.env.discordUrl}${new URL(url).pathname}`;
    const headers = { 'content-type': 'application/json' };
    return this.post(DISCORD, { receiver, url: at, headers, body, signal });
  }

  private async post(
    policy: OutboundPolicy,
    call: Pick<OutboundRequest, 'receiver' | 'url' | 'headers' | 'body' | 'signal'>,
  ): Promise<Try> {
    try {
      // A redirect would turn the POST into a GET that any page answers well.
      const request = { ...call, method: 'POST', redirect: 'manual' } as const;
      const { status } = await this.outbound.request(policy, request);
      const isGood = status >= 200 && status <= 299;
      return {
        status,
        error: isGood ? null : OUTBOUND_ERROR.refused,
        retryAfterMs: undefined,
        isOurs: false,
      };
    } catch (error) {
      if (!(error instanceof OutboundError) || error.code === OUTBOUND_ERROR.aborted) throw error;
      const { status = null, code, retryAfterMs } = error;
      return { status, error: code, retryAfterMs, isOurs: OUR_REASONS.has(code) };
    }
  }
}
