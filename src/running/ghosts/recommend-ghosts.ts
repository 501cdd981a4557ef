// Which ghosts are worth racing next. A race is worth running where its end is open: so a candidate counts by how near an even chance it
// is. The chance comes from what the runner ran lately, carried over to the candidate's distance by Riegel (T2 = T1 (D2/D1)^1.06, American
// Scientist 69 (1981)), with an uncertainty that grows with how far it had to be carried and how long ago it was. It is an estimate from few
// runs and says so: nobody's chance is told as more than 95 or less than 5 percent.

/** Something that was run, of which more can be expected. */
export interface Effort {
  readonly distanceM: number;
  readonly durationS: number;
  readonly ageDays: number;
}

export interface Candidate {
  readonly id: string;
  readonly isOwn: boolean;
  readonly type: string;
  readonly distanceM: number;
  readonly durationS: number;
  /** Days since the caller last raced it; null = never. */
  readonly racedDaysAgo: number | null;
}

export const RECOMMENDATION_REASONS = [
  'record_in_reach',
  'even_race',
  'stretch',
  'build_confidence',
  'own_run',
] as const;
/**
 * `record_in_reach`: an own record at a chance of a quarter or more; `even_race`, `stretch`, `build_confidence`: by the chance; `own_run`: nothing
 * is known of the runner's form.
 */
export type RecommendationReason = (typeof RECOMMENDATION_REASONS)[number];

export interface Recommendation {
  readonly id: string;
  readonly reason: RecommendationReason;
  /** What the runner would need today; null where nothing is known. */
  readonly expectedS: number | null;
  /** How much faster than expected the ghost is; 0 where the runner is expected to be faster. */
  readonly targetImprovementS: number | null;
  /** Of beating it, 0.05 to 0.95. */
  readonly successEstimate: number | null;
}

export const RIEGEL_EXPONENT = 1.06;
const MIN_ESTIMATE = 0.05;
/** Relative spread of a runner's time over a distance that was run yesterday. */
const DAY_SPREAD = 0.03;
/** Added for each natural logarithm of the ratio of distances, and for a year of age. */
const DISTANCE_SPREAD = 0.04;
const YEAR_SPREAD = 0.06;
const DAYS_PER_YEAR = 365;
/** Farther is not carried over: a kilometre says little of a marathon. */
const MOST_RATIO = 8;
const RECENTLY_DAYS = 7;

/** What is to be expected over a distance; null where nothing that was run says anything. The best of what efforts promise counts. */
export function expectedTime(
  distanceM: number,
  efforts: readonly Effort[],
): { durationS: number; spread: number } | null {
  let best: { durationS: number; spread: number } | null = null;
  for (const effort of efforts) {
    const ratio = distanceM / effort.distanceM;
    if (!(ratio <= MOST_RATIO && ratio >= 1 / MOST_RATIO && effort.durationS > 0)) continue;
    const durationS = effort.durationS * ratio ** RIEGEL_EXPONENT;
    const spread =
      DAY_SPREAD +
      DISTANCE_SPREAD * Math.abs(Math.log(ratio)) +
      (YEAR_SPREAD * effort.ageDays) / DAYS_PER_YEAR;
    if (best === null || durationS < best.durationS) best = { durationS, spread };
  }
  return best;
}

/** How likely a time below `targetS` is, where `expectedS` is the median and times spread by their logarithm. 0.05 to 0.95. */
export function chanceBelow(targetS: number, expectedS: number, spread: number): number {
  const chance = normalCdf(Math.log(targetS / expectedS) / spread);
  return Math.min(1 - MIN_ESTIMATE, Math.max(MIN_ESTIMATE, chance));
}

/** The best first, at most `most`. Of equal ones the order of the candidates stays. */
export function recommendGhosts(
  candidates: readonly Candidate[],
  efforts: readonly Effort[],
  most: number,
): Recommendation[] {
  return candidates
    .flatMap((candidate) => judge(candidate, efforts))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, most)
    .map(({ recommendation }) => recommendation);
}

function judge(
  candidate: Candidate,
  efforts: readonly Effort[],
): { recommendation: Recommendation; worth: number }[] {
  const { id, isOwn, distanceM, durationS, racedDaysAgo } = candidate;
  const tired = racedDaysAgo !== null && racedDaysAgo < RECENTLY_DAYS ? 0.5 : 1;
  const expected = expectedTime(distanceM, efforts);
  if (expected === null) {
    // Of strangers' ghosts nothing can be said to somebody of whom nothing is known.
    if (!isOwn) return [];
    const unknown = { expectedS: null, targetImprovementS: null, successEstimate: null };
    return [{ recommendation: { id, reason: 'own_run', ...unknown }, worth: 0.1 * tired }];
  }
  const successEstimate = chanceBelow(durationS, expected.durationS, expected.spread);
  const reason = reasonOf(candidate, successEstimate);
  const openness = 4 * successEstimate * (1 - successEstimate);
  return [
    {
      recommendation: {
        id,
        reason,
        expectedS: expected.durationS,
        targetImprovementS: Math.max(0, expected.durationS - durationS),
        successEstimate,
      },
      worth: (openness + (reason === 'record_in_reach' ? 0.25 : 0)) * tired,
    },
  ];
}

function reasonOf({ isOwn, type }: Candidate, chance: number): RecommendationReason {
  if (isOwn && type === 'personal_record' && chance >= 0.25) return 'record_in_reach';
  if (chance < 0.35) return 'stretch';
  return chance <= 0.65 ? 'even_race' : 'build_confidence';
}

/** Abramowitz and Stegun 26.2.17; off by less than 1e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
