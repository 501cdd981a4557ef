import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';

const CALENDAR = defineProvider({ provider: 'market-calendar', mostParallel: 1, totalTimeoutMs: 20_000 });

/** Days are judged one by one where they are imported. */
const list = z.union([z.array(z.unknown()), z.object({ days: z.array(z.unknown()) })]);

/** Whoever publishes the days of a calendar as JSON, at an address of the operator's choice. */
@Injectable()
export class CalendarClient {
  constructor(private readonly outbound: Outbound) {}

  /**
   * @param template address with `{from}` and `{to}` where the first and last day go
   * @throws OutboundError
   */
  async fetchDays(
    template: string,
    span: { from: string; to: string },
    signal?: AbortSignal,
  ): Promise<unknown> {
    const url = template.replaceAll('{from}', span.from).replaceAll('{to}', span.to);
    const { value } = await this.outbound.requestJson(CALENDAR, { url, ...(signal ? { signal } : {}) }, list);
    return value;
  }
}
