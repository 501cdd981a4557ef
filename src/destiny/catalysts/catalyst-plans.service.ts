import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { CatalystHistory } from './catalyst-history.service.js';
import { CatalystReads } from './catalyst-reads.service.js';
import type { CatalystForecast } from './forecast.js';
import { planNext } from './plan-next.js';
import type { PlanDto, PlanQueryDto } from './plan.dto.js';
import { toPlanDto } from './plan.mapper.js';

/** What to do next, at the player's own rate. */
@Injectable()
export class CatalystPlans {
  constructor(
    private readonly reads: CatalystReads,
    private readonly history: CatalystHistory,
  ) {}

  async plan(caller: Principal, wish: PlanQueryDto): Promise<PlanDto> {
    const own = await this.reads.read(caller);
    const forecasts = await this.history.forecasts(caller, own);
    const candidates = own.entries.map(({ facts, status }) => ({
      facts,
      status,
      ratesPerHour: ratesOf(forecasts.get(facts.recordHash)),
    }));
    const { minutes, activity, limit } = wish;
    return toPlanDto(planNext(candidates, { minutes, activity, limit }), own);
  }
}

/** With the weapon in use; where too little of that was seen, of all play, which is less. */
function ratesOf(forecast: CatalystForecast | undefined): Map<number, number> {
  const rates = (forecast?.objectives ?? []).flatMap(({ objectiveHash, pace }): [number, number][] => {
    const rate = pace.perActiveHour ?? pace.perHourPlayed;
    return rate === null ? [] : [[objectiveHash, rate]];
  });
  return new Map(rates);
}
