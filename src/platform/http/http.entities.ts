import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { RateLimitEntity } from './rate-limit.entity.js';

/** Tables of this room. */
export const HTTP_ENTITIES = [IdempotencyKeyEntity, RateLimitEntity] as const;
