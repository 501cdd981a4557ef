import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { z } from 'zod';
import { type Span, timeSpan } from '../profiling/span.js';
import { judgeUrl } from './address-guard.js';
import { BudgetLines } from './budget-lines.js';
import { type Circuit, Circuits } from './circuits.js';
import { Deadline } from './deadline.js';
import { isWorthAnotherTry, OUTBOUND_ERROR, OutboundError } from './outbound.errors.js';
import { OUTBOUND_WORLD, type OutboundWorld } from './outbound.tokens.js';
import { OutboundBudgets } from './outbound-budgets.service.js';
import type { OutboundPolicy } from './outbound-policy.js';
import { type Hop, isRedirect, nextHop } from './redirects.js';
import { fullJitterMs, retryAfterMs } from './retry-timing.js';
import { type Exchange, type OpenAnswer, type RawAnswer, Transport } from './transport.js';

// The only way out of the house. A call has one deadline for everything it does; within it a safe request may be tried again, after
// a wait that is random or the provider's own. What would take longer is an error with `retryAfterMs`: a job asks for that delay,
// nobody sleeps for minutes in a request.

const MOST_REDIRECTS = 2;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface OutboundRequest {
  /** GET unless said otherwise. */
  readonly method?: string;
  /** Absolute, without credentials. */
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | URLSearchParams | null;
  /** Instead of `body`: sent as JSON. */
  readonly json?: unknown;
  /** Sent as Idempotency-Key; with it any verb may be tried again. */
  readonly idempotencyKey?: string;
  /** The receiver takes a repetition for what it is, so any verb may be tried again. */
  readonly isRepeatable?: boolean;
  /** `manual` hands out an answer that redirects; `follow` goes after at most two. */
  readonly redirect?: 'follow' | 'manual';
  readonly signal?: AbortSignal;
  /** Names which of many receivers below one address is called: each has a breaker and places of its own. */
  readonly receiver?: string;
}

export interface OutboundAnswer extends RawAnswer {
  /** Requests that it took. */
  readonly tries: number;
}

/** An answer that is read while it comes: status and headers are there, the body follows. */
export type StreamedAnswer = Omit<OpenAnswer, 'discard'>;

type Send<Answer> = (exchange: Exchange) => Promise<Answer>;

@Injectable()
export class Outbound implements OnApplicationShutdown {
  private readonly transport: Transport;
  private readonly circuits: Circuits;
  private readonly lines: BudgetLines;

  constructor(
    private readonly budgets: OutboundBudgets,
    @Inject(OUTBOUND_WORLD) private readonly world: OutboundWorld,
  ) {
    this.transport = new Transport(world.isPrivateAllowed, world.resolve);
    this.lines = new BudgetLines(budgets, world);
    this.circuits = new Circuits((provider, isOpen) => {
      if (isOpen)
        world.log.warn({ provider }, 'a third party failed repeatedly and is left alone for a while');
      else world.log.info({ provider }, 'a third party answers again');
    });
  }

  /**
   * Calls a third party. @returns its answer, whatever its status below 500 except 429, or what its policy takes for an answer
   * @throws OutboundError when there is no usable answer
   */
  request(policy: OutboundPolicy, request: OutboundRequest): Promise<OutboundAnswer> {
    return timeSpan(`outbound:${policy.provider}`, (span) => this.call(policy, request, span));
  }

  /**
   * The same for JSON: a status from 200 to 299 and a body that keeps to `schema`.
   * @throws OutboundError also for other statuses (`outbound/refused`) and for bodies that depart from it (`outbound/bad-answer`)
   */
  async requestJson<T>(
    policy: OutboundPolicy,
    request: OutboundRequest,
    schema: z.ZodType<T>,
  ): Promise<{ value: T; answer: OutboundAnswer }> {
    const headers = { accept: 'application/json', ...lowerCased(request.headers) };
    const answer = await this.request(policy, { ...request, headers });
    const failure = (code: 'refused' | 'badAnswer'): OutboundError => {
      const error = new OutboundError(OUTBOUND_ERROR[code], policy.provider, { status: answer.status });
      error.tries = answer.tries;
      return error;
    };
    if (answer.status < 200 || answer.status > 299) throw failure('refused');
    let json: unknown;
    try {
      json = JSON.parse(answer.body.toString());
    } catch {
      throw failure('badAnswer');
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw failure('badAnswer');
    return { value: parsed.data, answer };
  }

  /**
   * Calls a third party whose answer is worth having before its end. `read` is handed it once status and headers are there, below 500
   * and not 429; place, deadline and breaker last until `read` is done, and what it left unread is given up then. There is one try
   * only: what has been read of an answer cannot be taken back.
   * @returns what `read` does
   * @throws OutboundError, or what `read` throws
   */
  stream<T>(
    policy: OutboundPolicy,
    request: OutboundRequest,
    read: (answer: StreamedAnswer) => Promise<T>,
  ): Promise<T> {
    return timeSpan(`outbound:${policy.provider}`, async (span) => {
      const hop = this.firstHop(policy, request);
      const circuit = this.circuits.of(policy, hop.url, request.receiver);
      const deadline = new Deadline(policy.totalTimeoutMs, request.signal, this.world.nowMs());
      let opened: OpenAnswer | undefined;
      const send = async (exchange: Exchange): Promise<OpenAnswer> => {
        opened?.discard();
        return (opened = await this.transport.open(policy, exchange));
      };
      const work = async (): Promise<T> => {
        const answer = await this.follow(policy, request, hop, deadline, send);
        note(span, { status: answer.status, tries: 1 });
        return read(answer);
      };
      try {
        return await deadline.bound(policy, () =>
          circuit.run(deadline.signal, () => deadline.bound(policy, work)),
        );
      } catch (error) {
        if (error instanceof OutboundError) {
          error.tries = 1;
          note(span, { status: error.status ?? 0, tries: 1 });
        }
        throw error;
      } finally {
        opened?.discard();
        deadline.end();
      }
    });
  }

  /** `fetch` for libraries that want to be given one. Bodies are text, bytes or forms; answers are read whole. A Request is refused. */
  fetchFor(policy: OutboundPolicy): typeof fetch {
    return async (input, init = {}) => {
      if (input instanceof Request)
        throw new TypeError(
          'This fetch takes a URL and an init, not a Request: its method and body would be lost.',
        );
      const { signal, redirect } = init;
      const { status, headers, body } = await this.request(policy, {
        url: input,
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: init.body instanceof URLSearchParams ? init.body : bodyOf(init.body),
        redirect: redirect === 'manual' || redirect === 'error' ? 'manual' : 'follow',
        ...(signal == null ? {} : { signal }),
      });
      if (redirect === 'error' && isRedirect(status))
        throw new OutboundError(OUTBOUND_ERROR.badRedirect, policy.provider, { status });
      const hasNone = status === 204 || status === 205 || status === 304;
      return new Response(hasNone ? null : new Uint8Array(body), { status, headers });
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  private async call(
    policy: OutboundPolicy,
    request: OutboundRequest,
    span: Span | undefined,
  ): Promise<OutboundAnswer> {
    const hop = this.firstHop(policy, request);
    const circuit = this.circuits.of(policy, hop.url, request.receiver);
    const deadline = new Deadline(policy.totalTimeoutMs, request.signal, this.world.nowMs());
    circuit.retries.earn();
    let tries = 0;
    try {
      for (;;) {
        tries += 1;
        try {
          const answer = await deadline.bound(policy, () =>
            this.attempt(policy, request, hop, circuit, deadline),
          );
          note(span, { status: answer.status, tries });
          return { ...answer, tries };
        } catch (error) {
          if (!(error instanceof OutboundError)) throw error;
          error.tries = tries;
          note(span, { status: error.status ?? 0, tries });
          const waitMs = this.waitMs(policy, request, error, circuit, deadline);
          if (waitMs === undefined) throw error;
          await deadline.bound(policy, () => this.world.sleep(waitMs, deadline.signal));
        }
      }
    } finally {
      deadline.end();
    }
  }

  /** How long to wait before the next try; undefined when there is none. */
  private waitMs(
    policy: OutboundPolicy,
    { method = 'GET', idempotencyKey, isRepeatable = false }: OutboundRequest,
    error: OutboundError,
    circuit: Circuit,
    deadline: Deadline,
  ): number | undefined {
    const mayRepeat = SAFE_METHODS.has(method.toUpperCase()) || idempotencyKey !== undefined || isRepeatable;
    if (!mayRepeat || error.tries >= policy.mostTries || !isWorthAnotherTry(error)) return undefined;
    if (deadline.signal.aborted || circuit.isOpen) return undefined;
    // Those who were told the same time shall not come back in the same moment.
    const waitMs = (error.retryAfterMs ?? 0) + fullJitterMs(error.tries, policy.backoff, this.world.random());
    if (waitMs >= deadline.leftMs(this.world.nowMs())) return undefined;
    return circuit.retries.take() ? waitMs : undefined;
  }

  private attempt(
    policy: OutboundPolicy,
    request: OutboundRequest,
    first: Hop,
    circuit: Circuit,
    deadline: Deadline,
  ): Promise<RawAnswer> {
    const send: Send<RawAnswer> = (exchange) => this.transport.exchange(policy, exchange);
    return circuit.run(deadline.signal, () =>
      deadline.bound(policy, () => this.follow(policy, request, first, deadline, send)),
    );
  }

  /** Sends, and goes after redirects where the request does. */
  private async follow<Answer extends Omit<RawAnswer, 'body'>>(
    policy: OutboundPolicy,
    { redirect }: OutboundRequest,
    first: Hop,
    deadline: Deadline,
    send: Send<Answer>,
  ): Promise<Answer> {
    let hop = first;
    for (let redirects = 0; ; redirects += 1) {
      const isAway = hop.url.origin !== first.url.origin;
      const answer = await this.exchange(policy, hop, isAway, deadline, send);
      if (!isRedirect(answer.status) || redirect === 'manual') return answer;
      const next = nextHop(hop, answer.status, answer.headers['location']);
      if (typeof next === 'string' || redirects >= MOST_REDIRECTS) {
        const reason = typeof next === 'string' ? next : 'too-many';
        throw new OutboundError(OUTBOUND_ERROR.badRedirect, policy.provider, { reason });
      }
      hop = next;
    }
  }

  /** @param isAway a redirect has led away from where the caller wanted to go, so its address was given by somebody else */
  private async exchange<Answer extends Omit<RawAnswer, 'body'>>(
    policy: OutboundPolicy,
    hop: Hop,
    isAway: boolean,
    { signal }: Deadline,
    send: Send<Answer>,
  ): Promise<Answer> {
    const isGuarded = policy.isUserGiven || isAway;
    if (isGuarded) this.guard(policy, hop.url.href);
    await this.lines.take(policy, signal);
    const answer = await send({ ...hop, isGuarded, signal });
    const verdict = isWhole(answer) ? (policy.judge?.(answer) ?? null) : null;
    const toldMs = verdict?.kind === 'limited' ? verdict.retryAfterMs : undefined;
    const retryMs = toldMs ?? retryAfterMs(answer.headers['retry-after'], this.world.nowMs());
    const isLimited = verdict === null ? answer.status === 429 : verdict.kind === 'limited';
    await this.report(policy, answer, isLimited, retryMs);
    const failure = { status: answer.status, retryAfterMs: retryMs };
    if (isLimited) throw new OutboundError(OUTBOUND_ERROR.rateLimited, policy.provider, failure);
    if (verdict === null && answer.status >= 500)
      throw new OutboundError(OUTBOUND_ERROR.unavailable, policy.provider, failure);
    return answer;
  }

  /** What cannot be written down must not cost an answer that is there already. */
  private async report(
    policy: OutboundPolicy,
    answer: Omit<RawAnswer, 'body'>,
    isLimited: boolean,
    retryMs: number | undefined,
  ): Promise<void> {
    try {
      await this.budgets.report(policy, answer, isLimited, retryMs);
    } catch (error) {
      this.world.log.warn(
        { err: error, provider: policy.provider },
        'what a third party said of its quota was lost',
      );
    }
  }

  private guard(policy: OutboundPolicy, url: string): URL {
    const judged = judgeUrl(url, this.world.isPrivateAllowed);
    if (judged.url !== undefined) return judged.url;
    throw new OutboundError(OUTBOUND_ERROR.blockedAddress, policy.provider, { reason: judged.fault });
  }

  private firstHop(policy: OutboundPolicy, request: OutboundRequest): Hop {
    const headers = lowerCased(request.headers);
    if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
    headers['user-agent'] ??= this.world.userAgent;
    const body = request.json === undefined ? bodyOf(request.body) : JSON.stringify(request.json);
    if (request.json !== undefined) headers['content-type'] ??= 'application/json';
    else if (request.body instanceof URLSearchParams)
      headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
    const url = this.urlOf(policy, String(request.url));
    return { method: (request.method ?? 'GET').toUpperCase(), url, headers, body };
  }

  private urlOf(policy: OutboundPolicy, text: string): URL {
    if (policy.isUserGiven) return this.guard(policy, text);
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isUsable = url && /^https?:$/.test(url.protocol) && url.username + url.password === '';
    if (!isUsable) throw new OutboundError(OUTBOUND_ERROR.badRequest, policy.provider, { reason: 'url' });
    return url;
  }
}

/** One that is read while it comes cannot be judged by its body. */
function isWhole(answer: Omit<RawAnswer, 'body'>): answer is RawAnswer {
  return 'body' in answer && Buffer.isBuffer(answer.body);
}

function note(span: Span | undefined, details: { status: number; tries: number }): void {
  if (span) span.details = details;
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function bodyOf(body: unknown): string | Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('A body is text, bytes or a form');
}

/** The wait of the real world. */
export async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
