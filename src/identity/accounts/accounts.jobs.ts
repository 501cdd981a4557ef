import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { IDENTITY_QUEUE } from '../identity.queues.js';

export const ACCOUNT_MAILS = [
  'verify-address',
  'reset-password',
  'already-registered',
  'confirm-new-address',
  'address-wish',
  'address-wanted',
] as const;
export type AccountMail = (typeof ACCOUNT_MAILS)[number];

/** Its code is made when it is sent, since only the digest is stored; sent twice, the newer code counts. */
export const SEND_ACCOUNT_MAIL = defineJob({
  name: 'identity.send-account-mail',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({ accountId: z.uuid(), mail: z.enum(ACCOUNT_MAILS) }),
  attempts: 6,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: ({ accountId, mail }) => `${mail} ${accountId}`,
});

/** Sessions, codes and revocations that are past their time. */
export const FORGET_EXPIRED = defineJob({
  name: 'identity.forget-expired',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 120_000,
  dedupKey: () => 'all',
});

/** Rotates the signing key when it is old. */
export const KEEP_KEYS_FRESH = defineJob({
  name: 'identity.keep-keys-fresh',
  queue: IDENTITY_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});
