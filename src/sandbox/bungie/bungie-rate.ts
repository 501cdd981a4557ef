// What Bungie's staff say of reads: 25 requests a second per address, averaged over 10 seconds, and who is over it is refused until the
// average has fallen. Refused calls count, so who goes on hammering stays out.

export interface RateRule {
  readonly perSecond: number;
  readonly windowS: number;
}

export const BUNGIE_RATE: RateRule = { perSecond: 25, windowS: 10 };

/** Nearly always this, whatever the rule. */
export const RATE_THROTTLE_SECONDS = 10;

export class BungieRate {
  private readonly callsOf = new Map<string, number[]>();

  constructor(private readonly rule: RateRule) {}

  /** Counts a call of an address. @returns whether it is over */
  isOver(address: string, nowMs: number): boolean {
    const calls = this.callsOf.get(address) ?? [];
    this.callsOf.set(address, calls);
    const sinceMs = nowMs - this.rule.windowS * 1_000;
    const first = calls.findIndex((atMs) => atMs > sinceMs);
    calls.splice(0, first === -1 ? calls.length : first);
    calls.push(nowMs);
    return calls.length > this.rule.perSecond * this.rule.windowS;
  }
}
