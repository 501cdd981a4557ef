// When an alert fires. A figure that trembles around a bound would fire at each tremble; so what has fired is out of service until the
// rule has been missed by a margin, or has been missed at all and a time of silence has passed. A rule that goes on holding fires
// once, however long it holds.
//
//   armed --holds--> fired (fires) --misses--> resting --misses by the margin--> armed
//                      ^--holds, too soon--------'  '--holds, after the silence--> fired (fires)
//
// What only grows too old for the rule, or of which nothing is known, says nothing new: it stays as it is, or what is seen rarely would
// fire at each sighting.

/** Of what has fired and is not armed again. */
export interface FiredState {
  /** When it fired last, Unix time in milliseconds. */
  readonly firedAtMs: number;
  /** Whether the rule has held ever since it was last asked. */
  readonly isMatching: boolean;
}

/** How the rule is met at this moment: it holds, would hold but for what age takes away, is missed by less than the margin, or by more. */
export type Verdict = 'holds' | 'aged' | 'missed' | 'clear';

export interface HysteresisStep {
  /** Undefined = armed. */
  readonly state: FiredState | undefined;
  readonly isFiring: boolean;
}

/** @param state undefined = armed @param silenceMs null = only the margin arms again */
export function nextStep(
  state: FiredState | undefined,
  verdict: Verdict,
  nowMs: number,
  silenceMs: number | null,
): HysteresisStep {
  if (verdict === 'aged') return { state, isFiring: false };
  if (verdict === 'clear') return { state: undefined, isFiring: false };
  if (verdict === 'missed') return { state: state && { ...state, isMatching: false }, isFiring: false };
  const isSilenceOver =
    state !== undefined && !state.isMatching && silenceMs !== null && nowMs - state.firedAtMs >= silenceMs;
  if (state === undefined || isSilenceOver)
    return { state: { firedAtMs: nowMs, isMatching: true }, isFiring: true };
  return { state: { ...state, isMatching: true }, isFiring: false };
}
