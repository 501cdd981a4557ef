import { SetMetadata } from '@nestjs/common';

export const RATE_LIMIT_METADATA = 'guildhall:rate-limit';

/** So many calls in so many seconds. */
export interface Quota {
  readonly points: number;
  readonly durationS: number;
}

/** What one route, or several under one name, may be called. */
export interface RateLimit {
  /** Lower-case kebab; the name of the buckets and of the policy in the headers. */
  readonly name: string;
  /** Of one address (a /64 for IPv6). */
  readonly perIp: Quota;
  /**
   * Of one address for one thing that the body names, such as the account by its e-mail address. Never of the thing alone:
   * strangers could lock its owner out.
   */
  readonly perSubject?: Quota & { readonly field: string };
  /** Of one account, from wherever it calls. Service tokens are the operator's own and not counted. */
  readonly perAccount?: Quota;
}

/** Guards a route against being tried too often, before anything costly is done. Shared by all processes. */
export const RateLimited = (limit: RateLimit): MethodDecorator => SetMetadata(RATE_LIMIT_METADATA, limit);
