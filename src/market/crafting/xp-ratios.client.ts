import { Injectable } from '@nestjs/common';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { type RatioItem, xpRatioPageSchema } from './xp-ratios.js';

/** Ten calls a second: somebody runs it for the community. */
const XP_RATIOS = defineProvider({
  provider: 'market-xp-ratios',
  mostParallel: 1,
  totalTimeoutMs: 20_000,
  budgets: [{ name: 'calls', limit: 10, windowMs: 1_000, shape: 'bucket' }],
});
/** As many as the API gives at most. */
const PAGE = 50;

export interface RatioPage {
  items: RatioItem[];
  /** Items in all; undefined where the API does not say. */
  total: number | undefined;
}

/** DofusDB's list of items, or anything of its shape at an address of the operator's choice. */
@Injectable()
export class XpRatiosClient {
  constructor(private readonly outbound: Outbound) {}

  /** @param skip items to leave out @throws OutboundError */
  async fetchPage(address: URL, skip: number): Promise<RatioPage> {
    const url = new URL(address);
    url.searchParams.set('$limit', String(PAGE));
    url.searchParams.set('$skip', String(skip));
    const { value } = await this.outbound.requestJson(XP_RATIOS, { url }, xpRatioPageSchema);
    return { items: value.data, total: value.total };
  }
}
