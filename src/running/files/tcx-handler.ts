import { ActivityCollector, type FileReading } from './activity-collector.js';
import type { ActivityDraft, DraftLap } from './activity-draft.js';
import { ImportRefusal } from './import-refusal.js';
import { instantMs } from './instant.js';
import { lapTotals, type TcxLap } from './lap-totals.js';
import { emptyPoint } from './point-columns.js';
import type { ReadLimits } from './read-limits.js';
import { sportOfText } from './sport.js';
import { decimal, decimalOrNull, type XmlHandler } from './xml-handler.js';

// TCX 2. Every <Activity> is one, in <Activities> or in the sports of a <MultiSportSession>. A second <Track> of one lap is what devices write
// after a stop, so the time between is a pause; a new lap alone is none. Courses have times too, but of a plan, and are refused.

type Where = 'outside' | 'database' | 'activity' | 'lap' | 'track' | 'point';

const PARENT: Readonly<Record<Where, Where>> = {
  outside: 'outside',
  database: 'outside',
  activity: 'database',
  lap: 'activity',
  track: 'lap',
  point: 'track',
};
/** Elements whose text is of interest, by where they stand and whichever wrapper is between. */
const TEXTS: Readonly<Record<Where, ReadonlySet<string>>> = {
  outside: new Set(),
  database: new Set(),
  activity: new Set(['Notes']),
  lap: new Set(['TotalTimeSeconds', 'DistanceMeters', 'Calories', 'TriggerMethod', 'Value', 'Notes']),
  track: new Set(),
  point: new Set([
    'Time',
    'LatitudeDegrees',
    'LongitudeDegrees',
    'AltitudeMeters',
    'DistanceMeters',
    'Value',
    'Cadence',
    'RunCadence',
  ]),
};
const TRIGGERS: Readonly<Record<string, DraftLap['trigger']>> = {
  Manual: 'manual',
  Distance: 'distance',
  Time: 'time',
};

export class TcxHandler implements XmlHandler {
  private where: Where = 'outside';
  private depth = 0;
  /** At which depth each place that we are in began. */
  private readonly begunAt: Record<Where, number> = {
    outside: 0,
    database: 0,
    activity: 0,
    lap: 0,
    track: 0,
    point: 0,
  };
  private readonly collector: ActivityCollector;
  private draft: ActivityDraft | null = null;
  private readonly point = emptyPoint();
  private captured: string | null = null;
  /** The element that a <Value> belongs to. */
  private owner = '';
  private laps: TcxLap[] = [];
  /** Of the whole file. */
  private lapCount = 0;
  private tracksOfLap = 0;
  private hasCourse = false;

  constructor(private readonly limits: ReadLimits) {
    this.collector = new ActivityCollector(limits);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.depth += 1;
    if (this.where === 'outside' || this.depth === this.begunAt[this.where] + 1) {
      if (this.begin(name, attributes)) return;
      this.owner = name;
    } else if (this.where === 'database' && name === 'Activity') {
      this.beginActivity(attributes);
      return;
    }
    if (TEXTS[this.where].has(name)) this.captured = '';
  }

  close(name: string): void {
    const { depth, where } = this;
    this.depth -= 1;
    if (depth === this.begunAt[where]) {
      this.leave();
      return;
    }
    const text = this.captured;
    this.captured = null;
    if (text === null) return;
    if (where === 'point') this.pointValue(name, text);
    else if (where === 'lap') this.lapValue(name, text);
    else if (where === 'activity') this.draft!.notes = text;
  }

  text(text: string): void {
    if (this.captured !== null) this.captured += text;
  }

  /** @throws ImportRefusal where nothing can be taken */
  finish(): FileReading {
    const otherwise = new ImportRefusal(this.hasCourse ? 'not-an-activity' : 'no-track');
    return this.collector.finish('tcx', otherwise);
  }

  /** @returns whether the element is a place of its own */
  private begin(name: string, attributes: Readonly<Record<string, string>>): boolean {
    switch (this.where) {
      case 'outside':
        if (name !== 'TrainingCenterDatabase') throw new ImportRefusal('wrong-root');
        this.enter('database');
        return true;
      case 'database':
        if (name === 'Courses' || name === 'Workouts') this.hasCourse = true;
        return false;
      case 'activity':
        if (name !== 'Lap') return false;
        this.beginLap(attributes['StartTime'] ?? '');
        return true;
      case 'lap':
        if (name !== 'Track') return false;
        this.tracksOfLap += 1;
        if (this.tracksOfLap > 1) this.draft!.beginSegment();
        this.enter('track');
        return true;
      case 'track':
        if (name !== 'Trackpoint') return false;
        this.beginPoint();
        return true;
      case 'point':
        return false;
    }
  }

  private enter(where: Where): void {
    this.where = where;
    this.begunAt[where] = this.depth;
    this.captured = null;
  }

  private beginActivity({ Sport }: Readonly<Record<string, string>>): void {
    this.enter('activity');
    this.laps = [];
    this.draft = this.collector.begin();
    this.draft.cadenceUnit = 'one-leg';
    // `Other` says nothing: watches write it for walks, hikes and trail runs alike.
    this.draft.sport = Sport === undefined || Sport === 'Other' ? null : sportOfText(Sport);
  }

  private beginLap(startTime: string): void {
    this.enter('lap');
    this.tracksOfLap = 0;
    this.lapCount += 1;
    if (this.lapCount > this.limits.laps) throw new ImportRefusal('too-many-laps');
    this.laps.push({
      startMs: instantMs(startTime),
      timerTimeS: null,
      distanceM: null,
      caloriesKcal: null,
      averageHeartRateBpm: null,
      maxHeartRateBpm: null,
      trigger: 'other',
    });
  }

  private beginPoint(): void {
    this.enter('point');
    Object.assign(this.point, NOTHING);
  }

  private leave(): void {
    const { where } = this;
    this.where = PARENT[where];
    this.captured = null;
    if (where === 'point') this.collector.add(this.draft!, this.point);
    else if (where === 'activity') this.endActivity();
  }

  private endActivity(): void {
    const draft = this.draft!;
    draft.totals = lapTotals(this.laps);
    draft.laps.push(
      ...this.laps.map((lap, index) => ({
        endMs: this.laps[index + 1]?.startMs ?? Number.NaN,
        distanceM: lap.distanceM,
        trigger: lap.trigger,
      })),
    );
    this.collector.end();
    this.draft = null;
  }

  private pointValue(name: string, text: string): void {
    const { point } = this;
    switch (name) {
      case 'Time':
        point.atMs = instantMs(text);
        return;
      case 'LatitudeDegrees':
        point.latDeg = decimal(text);
        return;
      case 'LongitudeDegrees':
        point.lonDeg = decimal(text);
        return;
      case 'AltitudeMeters':
        point.altitudeM = decimal(text);
        return;
      case 'DistanceMeters':
        point.deviceDistanceM = decimal(text);
        return;
      case 'Value':
        if (this.owner === 'HeartRateBpm') point.heartRateBpm = decimal(text);
        return;
      default:
        point.cadence = decimal(text);
    }
  }

  private lapValue(name: string, text: string): void {
    const lap = this.laps.at(-1)!;
    switch (name) {
      case 'TotalTimeSeconds':
        lap.timerTimeS = decimalOrNull(text);
        return;
      case 'DistanceMeters':
        lap.distanceM = decimalOrNull(text);
        return;
      case 'Calories':
        lap.caloriesKcal = decimalOrNull(text);
        return;
      case 'TriggerMethod':
        lap.trigger = TRIGGERS[text.trim()] ?? 'other';
        return;
      case 'Value':
        if (this.owner === 'AverageHeartRateBpm') lap.averageHeartRateBpm = decimalOrNull(text);
        else if (this.owner === 'MaximumHeartRateBpm') lap.maxHeartRateBpm = decimalOrNull(text);
        return;
      default:
        return;
    }
  }
}

const NOTHING = emptyPoint();
