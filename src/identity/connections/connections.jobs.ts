import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { IDENTITY_QUEUE } from '../identity.queues.js';

/** Tells a provider that a token is not needed any more. Told twice is told. */
export const REVOKE_TOKEN = defineJob({
  name: 'identity.revoke-token',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({ tokenId: z.uuid() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: ({ tokenId }) => tokenId,
});

/** Gives back to the provider what nobody came for with the code in time. */
export const EXPIRE_GRANT = defineJob({
  name: 'identity.expire-grant',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({ grantId: z.uuid() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: ({ grantId }) => grantId,
});

/** Ways to providers that nobody came back from, codes that nobody exchanged, tokens that no provider wanted to hear of; those that may yet be heard of are told again. */
export const FORGET_AUTHORIZATIONS = defineJob({
  name: 'identity.forget-authorizations',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 120_000,
  dedupKey: () => 'all',
});
