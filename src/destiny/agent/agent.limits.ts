import type { RateLimit } from '../../platform/http/rate-limit.decorator.js';

/** Messages to the agent: each may cost a model's time. Many players of one household share an address. */
export const MESSAGE_LIMIT: RateLimit = {
  name: 'destiny-messages',
  perIp: { points: 120, durationS: 60 },
  perAccount: { points: 30, durationS: 60 },
};
