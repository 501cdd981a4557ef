import { PORTION_POINTS } from '../geo/portions.js';
import { ActivityCollector, type FileReading } from './activity-collector.js';
import type { ActivityDraft, DraftLap } from './activity-draft.js';
import { FIT_MESSAGE, type FitMessage, readFitMessages, TIMESTAMP } from './fit-messages.js';
import { ImportRefusal } from './import-refusal.js';
import { type DeviceTotals, NO_TOTALS } from './parsed-activity.js';
import { emptyPoint, PointColumns } from './point-columns.js';
import type { ReadLimits } from './read-limits.js';
import { sportOfFit } from './sport.js';

// What FIT messages say of activities. Devices write sessions and laps behind the records they sum up, so records are kept in columns until a
// file ends, and then dealt out: each session is an activity with the records of its span; records without a session (the battery died)
// are one as well. Field numbers are those of the FIT profile.

const FIT_EPOCH_MS = 631_065_600_000;
/** Smaller instants count from when the device was switched on. */
const FIRST_REAL_TIME = 0x1000_0000;
const DEG_PER_SEMICIRCLE = 180 / 2 ** 31;
const ACTIVITY_FILE = 4;
const TIMER = 0;
const STARTED = 0;
const STOPPED = new Set([1, 4, 8, 9]);
const TRIGGERS: Readonly<Record<number, DraftLap['trigger']>> = { 0: 'manual', 1: 'time', 2: 'distance' };

interface Session {
  readonly startS: number;
  readonly endS: number;
  readonly sport: number | null;
  readonly totals: DeviceTotals;
}

interface Lap {
  readonly endS: number;
  readonly distanceM: number | null;
  readonly trigger: DraftLap['trigger'];
}

/** @throws ImportRefusal where nothing can be taken */
export function* readFitActivities(bytes: Uint8Array, limits: ReadLimits): Generator<void, FileReading> {
  const collector = new ActivityCollector(limits);
  let file: FitFile | null = null;
  let otherKind = false;
  const end = function* (): Generator<void, void> {
    if (file?.isActivity === false) otherKind = true;
    else if (file) yield* file.deal();
    file = null;
  };
  const begin = function* (): Generator<void, void> {
    yield* end();
    file = new FitFile(collector, limits);
  };
  yield* readFitMessages(bytes, begin, (message) => file!.take(message));
  yield* end();
  return collector.finish('fit', new ImportRefusal(otherKind ? 'not-an-activity' : 'no-track'));
}

/** One of the files that may be chained. */
class FitFile {
  isActivity: boolean | null = null;
  private readonly records = new PointColumns();
  private readonly point = emptyPoint();
  private readonly sessions: Session[] = [];
  private readonly laps: Lap[] = [];
  private readonly pauses: { fromS: number; toS: number }[] = [];
  private stoppedS = Number.NaN;
  /** Seconds to add to instants of a clock that was never set. */
  private shiftS = 0;
  private packedDistance = 0;
  private packedBefore = Number.NaN;
  private workoutName = '';

  constructor(
    private readonly collector: ActivityCollector,
    private readonly limits: ReadLimits,
  ) {}

  take(message: FitMessage): void {
    switch (message.number) {
      case FIT_MESSAGE.fileId:
        if (!Number.isNaN(message.value(0))) this.isActivity = message.value(0) === ACTIVITY_FILE;
        return;
      case FIT_MESSAGE.record:
        this.takeRecord(message);
        return;
      case FIT_MESSAGE.event:
        this.takeEvent(message);
        return;
      case FIT_MESSAGE.lap:
        this.takeLap(message);
        return;
      case FIT_MESSAGE.session:
        this.takeSession(message);
        return;
      case FIT_MESSAGE.workout:
        this.workoutName = message.text(8);
        return;
      case FIT_MESSAGE.activity:
        this.takeActivity(message);
        return;
      default:
        return;
    }
  }

  /** Gives the collector what the file held. */
  *deal(): Generator<void, void> {
    const { sessions } = this;
    if (sessions.length === 0) {
      yield* this.dealOne(null, -Infinity, Infinity);
      return;
    }
    sessions.sort((a, b) => a.startS - b.startS);
    for (const [index, session] of sessions.entries()) {
      // Neighbours share nothing; the first and the last take what lies before and behind.
      const before = sessions[index - 1];
      const after = sessions[index + 1];
      const fromS = before ? Math.max(session.startS, before.endS) : -Infinity;
      const toS = after ? Math.min(session.endS, after.startS) : Infinity;
      yield* this.dealOne(session, fromS, toS);
    }
  }

  private *dealOne(session: Session | null, fromS: number, toS: number): Generator<void, void> {
    const draft = this.collector.begin();
    draft.cadenceUnit = 'one-leg';
    draft.sport = sportOfFit(session?.sport ?? null);
    draft.name = this.workoutName;
    draft.totals = session?.totals ?? NO_TOTALS;
    yield* this.dealRecords(draft, fromS, toS);
    const isWithin = (s: number): boolean => s >= fromS && s <= toS;
    for (const lap of this.laps.filter(({ endS }) => isWithin(endS)))
      draft.laps.push({ endMs: this.ms(lap.endS), distanceM: lap.distanceM, trigger: lap.trigger });
    for (const pause of this.pauses)
      if (pause.fromS <= toS && pause.toS >= fromS)
        draft.pauses.push({ fromMs: this.ms(pause.fromS), toMs: this.ms(pause.toS) });
    this.collector.end();
  }

  private *dealRecords(draft: ActivityDraft, fromS: number, toS: number): Generator<void, void> {
    const { records, point } = this;
    const [altitude, accuracy] = [records.column('altitudeM'), records.column('accuracyM')];
    const [heart, cadence] = [records.column('heartRateBpm'), records.column('cadence')];
    const distance = records.column('deviceDistanceM');
    // The watch counts on from one session to the next.
    let originM = Number.NaN;
    for (let at = 0; at < records.length; at += 1) {
      if (at % PORTION_POINTS === 0) yield;
      const seconds = records.atMs[at]!;
      if (seconds < fromS || seconds > toS) continue;
      const distanceM = distance?.[at] ?? Number.NaN;
      if (Number.isNaN(originM)) originM = fromS === -Infinity ? 0 : distanceM;
      point.atMs = this.ms(seconds);
      point.latDeg = records.latDeg[at]!;
      point.lonDeg = records.lonDeg[at]!;
      point.altitudeM = altitude?.[at] ?? Number.NaN;
      point.accuracyM = accuracy?.[at] ?? Number.NaN;
      point.heartRateBpm = heart?.[at] ?? Number.NaN;
      point.cadence = cadence?.[at] ?? Number.NaN;
      point.deviceDistanceM = distanceM - (Number.isNaN(originM) ? 0 : originM);
      this.collector.add(draft, point);
    }
  }

  private takeRecord(message: FitMessage): void {
    if (this.records.length >= this.limits.points) throw new ImportRefusal('too-many-points');
    const { point } = this;
    point.atMs = message.value(TIMESTAMP);
    point.latDeg = message.value(0) * DEG_PER_SEMICIRCLE;
    point.lonDeg = message.value(1) * DEG_PER_SEMICIRCLE;
    point.altitudeM = firstOf(message.value(78), message.value(2)) / 5 - 500;
    point.accuracyM = message.value(31);
    point.heartRateBpm = message.value(3);
    const fraction = message.value(53);
    point.cadence = message.value(4) + (Number.isNaN(fraction) ? 0 : fraction / 128);
    point.deviceDistanceM = firstOf(message.value(5) / 100, this.packedDistanceM(message));
    this.records.push(point);
  }

  /** Twelve bits of speed, then twelve of distance in sixteenths of a metre, which begin anew every 256 m. */
  private packedDistanceM(message: FitMessage): number {
    const packed = message.bytes(8);
    if (packed?.length !== 3) return Number.NaN;
    const now = (packed[1]! >> 4) | (packed[2]! << 4);
    if (!Number.isNaN(this.packedBefore)) this.packedDistance += (now - this.packedBefore) & 0xfff;
    else this.packedDistance = now;
    this.packedBefore = now;
    return this.packedDistance / 16;
  }

  private takeEvent(message: FitMessage): void {
    const seconds = message.value(TIMESTAMP);
    if (message.value(0) !== TIMER || Number.isNaN(seconds)) return;
    const type = message.value(1);
    if (STOPPED.has(type)) this.stoppedS = Number.isNaN(this.stoppedS) ? seconds : this.stoppedS;
    else if (type === STARTED && !Number.isNaN(this.stoppedS)) {
      if (this.pauses.length >= this.limits.laps) throw new ImportRefusal('too-many-laps');
      this.pauses.push({ fromS: this.stoppedS, toS: seconds });
      this.stoppedS = Number.NaN;
    }
  }

  private takeLap(message: FitMessage): void {
    const distanceM = orNull(message.value(9) / 100);
    const trigger = TRIGGERS[message.value(24)] ?? 'other';
    // Its timestamp is when it was written, a moment after its end.
    const byLengthS = message.value(2) + message.value(7) / 1_000;
    const endS = firstOf(byLengthS, message.value(TIMESTAMP));
    if (Number.isNaN(endS)) return;
    if (this.laps.length >= this.limits.laps) throw new ImportRefusal('too-many-laps');
    this.laps.push({ endS, distanceM, trigger });
  }

  private takeSession(message: FitMessage): void {
    const writtenS = message.value(TIMESTAMP);
    const startS = firstOf(message.value(2), writtenS - message.value(7) / 1_000);
    if (Number.isNaN(startS)) return;
    if (this.sessions.length >= this.limits.activities) throw new ImportRefusal('too-many-activities');
    // Some devices write it when the runner saves, minutes later; some sums are without pauses.
    const endS = Math.max(firstOf(writtenS, startS), startS + zeroIfNone(message.value(7) / 1_000));
    this.sessions.push({
      startS,
      endS,
      sport: orNull(message.value(5)),
      totals: {
        distanceM: orNull(message.value(9) / 100),
        elapsedTimeS: orNull(message.value(7) / 1_000),
        timerTimeS: orNull(message.value(8) / 1_000),
        caloriesKcal: message.value(11) > 0 ? message.value(11) : null,
        elevationGainM: orNull(message.value(22)),
        elevationLossM: orNull(message.value(23)),
        averageHeartRateBpm: orNull(message.value(16)),
        maxHeartRateBpm: orNull(message.value(17)),
      },
    });
  }

  /** A watch that never heard what time it is counts from when it was switched on, and tells the local time at the end. */
  private takeActivity(message: FitMessage): void {
    const [seconds, localS] = [message.value(TIMESTAMP), message.value(5)];
    if (seconds < FIRST_REAL_TIME && localS >= FIRST_REAL_TIME) this.shiftS = localS - seconds;
  }

  /** Unix milliseconds, whole ones. */
  private ms(seconds: number): number {
    const shiftS = seconds < FIRST_REAL_TIME ? this.shiftS : 0;
    return FIT_EPOCH_MS + Math.round((seconds + shiftS) * 1_000);
  }
}

function firstOf(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

function zeroIfNone(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
