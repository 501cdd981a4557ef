import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

/** Tables of this room. */
export const HTTP_ENTITIES = [IdempotencyKeyEntity] as const;
