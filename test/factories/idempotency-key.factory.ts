import { randomBytes } from 'node:crypto';
import { IdempotencyKeyEntity } from '../../src/platform/http/idempotency-key.entity.js';
import type { Tx } from '../../src/platform/database/unit-of-work.js';

/** A key of `userId` as a request that succeeded leaves it. Not stored. */
export function anIdempotencyKey(
  userId: string,
  given: Partial<IdempotencyKeyEntity> = {},
): IdempotencyKeyEntity {
  return Object.assign(new IdempotencyKeyEntity(), {
    userId,
    route: 'POST /factory',
    key: randomBytes(8).toString('hex'),
    bodyHash: randomBytes(32),
    status: 201,
    response: { ok: true },
    createdAt: new Date(),
    ...given,
  });
}

/** The same, stored in the caller's transaction, whose scope must be `userId`. */
export function insertIdempotencyKey(
  tx: Tx,
  userId: string,
  given: Partial<IdempotencyKeyEntity> = {},
): Promise<IdempotencyKeyEntity> {
  return tx.manager.save(anIdempotencyKey(userId, given));
}
