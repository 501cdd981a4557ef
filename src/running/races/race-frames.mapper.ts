import type { Fix } from '../recordings/fix.js';
import type { FixAck } from '../recordings/open-run.js';
import type { LiveRace } from './live-race.js';
import type { LiveEntry } from './live-run.js';
import type { ParticipantHead } from './race-participants.repository.js';
import type { ResultHead } from './race-results.repository.js';
import type { RivalNow } from './race-field.js';
import type { GhostGap, LeadChange, RaceSplit, RaceUpdate, StateChange } from './race-update.js';
import { standingsOf } from './standings.js';

const MOST_RIVALS = 10;

export function toAckFrame({ runId, upTo, missing, duplicates, conflicts }: FixAck): object {
  return { runId, upTo, missing, dup: duplicates, conf: conflicts };
}

/** Numbers are cut to what they can tell: a frame goes out with every fix. */
export function toGap(fix: Fix, update: RaceUpdate, isProvisional: boolean, rivals: readonly RivalNow[]) {
  return {
    seq: fix.seq,
    at: fix.atMs,
    prov: isProvisional,
    state: update.state,
    clock: update.clockMs === null ? null : hundredths(update.clockMs / 1_000),
    ghosts: update.gaps.map(toGhostGap),
    rivals: nearest(rivals).map(({ who, state, gap, isStale }) => ({
      who,
      s: orNull(gap.gapS, hundredths),
      m: tenths(gap.gapM),
      state,
      stale: isStale,
    })),
  };
}

function toGhostGap(gap: GhostGap) {
  return {
    id: gap.ghostId,
    s: orNull(gap.gapS, hundredths),
    m: orNull(gap.gapM, tenths),
    along: orNull(gap.alongM, tenths),
    toGo: orNull(gap.toGoM, tenths),
    trend: gap.trend,
    state: gap.state,
    conf: orNull(gap.confidence, hundredths),
    sd: orNull(gap.sdS, hundredths),
    basis: gap.basis,
    eta: orNull(gap.etaS, tenths),
    stale: gap.isStale,
  };
}

function nearest(rivals: readonly RivalNow[]): readonly RivalNow[] {
  if (rivals.length <= MOST_RIVALS) return rivals;
  return [...rivals].sort((a, b) => Math.abs(a.gap.gapM) - Math.abs(b.gap.gapM)).slice(0, MOST_RIVALS);
}

export function toStateFrame(runId: string, { ghostIds, from, to, reason, atMs }: StateChange): object {
  return { runId, ghostIds, from, to, reason, at: Math.round(atMs) };
}

export function toLeadFrame(runId: string, { ghostId, isRunnerAhead, gapS, atMs }: LeadChange): object {
  return { runId, ghostId, ahead: isRunnerAhead, s: hundredths(gapS), at: Math.round(atMs) };
}

export function toSplitFrame(runId: string, split: RaceSplit): object {
  return {
    runId,
    ghostId: split.ghostId,
    n: split.number,
    dist: tenths(split.distanceM),
    s: hundredths(split.runnerS),
    ghostS: hundredths(split.ghostS),
    diff: hundredths(split.differenceS),
    cum: hundredths(split.cumulativeS),
  };
}

/** What was seen live, when the runner pressed stop. */
export function toProvisionalResults(update: RaceUpdate): object[] {
  return update.gaps.map((gap) => {
    const total = gap.alongM === null || gap.toGoM === null ? 0 : gap.alongM + gap.toGoM;
    const isOver = gap.state === 'finished';
    return {
      ghostId: gap.ghostId,
      official: false,
      v: 0,
      status: isOver && gap.gapS !== null ? (gap.gapS <= 0 ? 'won' : 'lost') : 'unknown',
      gap: orNull(gap.gapS, hundredths),
      bar: null,
      close: false,
      avg: null,
      min: null,
      max: null,
      userS: isOver && update.clockMs !== null ? hundredths(update.clockMs / 1_000) : null,
      ghostS: null,
      completion: total > 0 ? hundredths(Math.min(1, gap.alongM! / total)) : 0,
      marks: [],
    };
  });
}

export function toOfficialResult(row: ResultHead) {
  return {
    ghostId: row.ghostId,
    official: true,
    v: row.version,
    status: row.status,
    gap: row.timeDifferenceS,
    bar: row.errorBarS,
    close: row.isTooClose,
    avg: row.averageGapS,
    min: row.minGapS,
    max: row.maxGapS,
    userS: row.userTimeS,
    ghostS: row.ghostTimeS,
    completion: row.completionRatio,
    marks: row.plausibility.map(({ code, weight, detail }) => ({ code, weight, detail })),
  };
}

export function toRunners(participants: readonly ParticipantHead[]) {
  return standingsOf(participants).map(({ entry, place, behindS }) => ({
    who: entry.number,
    name: entry.name,
    state: entry.state,
    place,
    timeS: entry.officialTimeS,
    behindS,
  }));
}

/** Null where the newest fix has no place. */
export function toPosition({ number, name }: LiveEntry, { last }: LiveRace) {
  if (last === null) return null;
  const { fix, update } = last;
  const gap = update.gaps[0];
  return {
    who: number,
    name,
    state: update.state,
    along: orNull(gap?.alongM ?? null, tenths),
    clock: update.clockMs === null ? null : hundredths(update.clockMs / 1_000),
    gap: orNull(gap?.gapS ?? null, hundredths),
    lat: fix.latDeg,
    lon: fix.lonDeg,
    at: fix.atMs,
  };
}
export type Position = NonNullable<ReturnType<typeof toPosition>>;

function orNull(value: number | null, cut: (value: number) => number): number | null {
  return value === null ? null : cut(value);
}
function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
