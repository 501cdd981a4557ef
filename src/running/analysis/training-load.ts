// Fitness and fatigue from daily stress (Banister's model in Coggan's form): chronic load follows it with a time constant of 42 days, acute
// load with 7; form is yesterday's difference. Before 42 days of history the chronic load is still filling up: such days are marked.
// The ratio of acute to chronic load is shown as a trend and nothing more: Impellizzeri et al. 2020 (PMC7534938) found it unfit to tell
// who will be injured, so there is no zone and no alarm.

export const CHRONIC_DAYS = 42;
export const ACUTE_DAYS = 7;
const RATIO_CHRONIC_DAYS = 28;
/** Below this a ratio is one of two small numbers. */
const LEAST_CHRONIC = 1;

export interface LoadDay {
  /** The day's stress. */
  readonly load: number;
  /** CTL, fitness. */
  readonly chronicLoad: number;
  /** ATL, fatigue. */
  readonly acuteLoad: number;
  /** TSB, form: yesterday's chronic less yesterday's acute load. */
  readonly balance: number;
  /** Exponentially weighted acute over chronic load, 7 and 28 days with weights of 2 / (days + 1) (Williams et al. 2017); null in the first 28 days. */
  readonly loadRatio: number | null;
  /** True for the first 42 days. */
  readonly isWarmUp: boolean;
}

/** @param loads one per day without holes, from the day of the first run; 0 on days without one */
export function loadDays(loads: readonly number[]): LoadDay[] {
  const chronicWeight = 1 - Math.exp(-1 / CHRONIC_DAYS);
  const acuteWeight = 1 - Math.exp(-1 / ACUTE_DAYS);
  let chronicLoad = 0;
  let acuteLoad = 0;
  let ratioAcute = 0;
  let ratioChronic = 0;
  return loads.map((load, day) => {
    const balance = chronicLoad - acuteLoad;
    chronicLoad += chronicWeight * (load - chronicLoad);
    acuteLoad += acuteWeight * (load - acuteLoad);
    ratioAcute += (2 / (ACUTE_DAYS + 1)) * (load - ratioAcute);
    ratioChronic += (2 / (RATIO_CHRONIC_DAYS + 1)) * (load - ratioChronic);
    const hasRatio = day >= RATIO_CHRONIC_DAYS && ratioChronic >= LEAST_CHRONIC;
    return {
      load,
      chronicLoad,
      acuteLoad,
      balance,
      loadRatio: hasRatio ? ratioAcute / ratioChronic : null,
      isWarmUp: day < CHRONIC_DAYS,
    };
  });
}
