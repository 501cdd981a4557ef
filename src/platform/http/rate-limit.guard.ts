import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { AuthenticatedRequest } from '../auth/auth.guard.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { sha256 } from '../crypto/digest.js';
import { CallerCounts, type Standing } from './caller-counts.js';
import { clientNetwork } from './client-network.js';
import { RATE_LIMIT_METADATA, type Quota, type RateLimit } from './rate-limit.decorator.js';
import { RateLimitError } from './rate-limit.error.js';
import { RateLimits } from './rate-limits.service.js';

const CALLERS = 'caller';
const MINUTE_S = 60;

/**
 * Runs behind the guard of permissions: a route with `@RateLimited()` is counted by address and subject over all processes;
 * every other call of an account or of a tokenless client is counted in this process against RATE_LIMIT_PER_MIN. Service
 * tokens are the operator's own and not limited. The answer says where the caller stands (draft-ietf-httpapi-ratelimit-headers).
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly limits = new WeakMap<object, RateLimit | null>();
  private readonly perCaller: Quota;
  private readonly callers: CallerCounts | null;
  private readonly isOff: boolean;

  constructor(
    @Inject(ENV) env: Env,
    private readonly counters: RateLimits,
  ) {
    this.isOff = !env.isRateLimited;
    this.perCaller = { points: env.rateLimitPerMin, durationS: MINUTE_S };
    this.callers = env.rateLimitPerMin === 0 ? null : new CallerCounts(this.perCaller);
  }

  canActivate(context: ExecutionContext): true | Promise<true> {
    if (this.isOff) return true;
    const limit = this.limitOf(context.getHandler());
    const http = context.switchToHttp();
    if (limit !== null)
      return this.countRoute(
        limit,
        http.getRequest<Request & AuthenticatedRequest>(),
        http.getResponse<Response>(),
      );
    const request = http.getRequest<Request & AuthenticatedRequest>();
    const { principal } = request;
    if (this.callers === null || principal === undefined) return true;
    if (principal.kind === 'service' || principal.kind === 'system') return true;
    const key = principal.kind === 'anonymous' ? clientNetwork(request.ip) : principal.id;
    return settle(http.getResponse<Response>(), CALLERS, this.perCaller, this.callers.take(key, Date.now()));
  }

  private limitOf(handler: object): RateLimit | null {
    let limit = this.limits.get(handler);
    if (limit === undefined) {
      limit = (Reflect.getMetadata(RATE_LIMIT_METADATA, handler) as RateLimit | undefined) ?? null;
      this.limits.set(handler, limit);
    }
    return limit;
  }

  private async countRoute(
    limit: RateLimit,
    request: Request & AuthenticatedRequest,
    response: Response,
  ): Promise<true> {
    const network = clientNetwork(request.ip);
    const { name, perIp, perSubject, perAccount } = limit;
    const byIp = await this.counters.take(name, perIp, digest(network));
    if (byIp.isAllowed && perAccount !== undefined && request.principal?.kind === 'account') {
      const policy = `${name}-account`;
      const byAccount = await this.counters.take(policy, perAccount, request.principal.id);
      return settle(response, policy, perAccount, byAccount);
    }
    if (!byIp.isAllowed || perSubject === undefined) return settle(response, name, perIp, byIp);
    const subject = subjectOf(request.body, perSubject.field);
    if (subject === undefined) return settle(response, name, perIp, byIp);
    const policy = `${name}-${perSubject.field.toLowerCase()}`;
    const bySubject = await this.counters.take(policy, perSubject, digest(`${network} ${subject}`));
    return settle(response, policy, perSubject, bySubject);
  }
}

/** @throws RateLimitError */
function settle(
  response: Response,
  policy: string,
  quota: Quota,
  { isAllowed, remaining, resetS }: Standing,
): true {
  response.setHeader('RateLimit-Policy', `"${policy}";q=${quota.points};w=${quota.durationS}`);
  response.setHeader('RateLimit', `"${policy}";r=${remaining};t=${resetS}`);
  if (!isAllowed) throw new RateLimitError(resetS);
  return true;
}

/** What the body calls its subject, however it is written; undefined where it is no text. */
function subjectOf(body: unknown, field: string): string | undefined {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  return typeof value === 'string' ? value.normalize('NFKC').trim().toLowerCase() : undefined;
}

/** Addresses and e-mail addresses are personal: the counters see their digests. */
function digest(text: string): string {
  return sha256(text).toString('base64url');
}
