import { ActivityCollector, type FileReading } from './activity-collector.js';
import type { ActivityDraft } from './activity-draft.js';
import { ImportRefusal } from './import-refusal.js';
import { instantMs } from './instant.js';
import { emptyPoint } from './point-columns.js';
import type { ReadLimits } from './read-limits.js';
import { sportOfText } from './sport.js';
import { decimal, type XmlHandler } from './xml-handler.js';

// GPX 1.0 and 1.1. Every <trk> is an activity, every <trkseg> after its first one the end of a pause. Routes and single places have no
// times of their own and are no runs. Sensors stand in extensions, below any wrapper and prefix: gpxtpx:hr (Garmin), gpxdata:hr and
// gpxdata:distance (Cluetrust, Suunto), plain <cadence>.

type Where = 'outside' | 'gpx' | 'metadata' | 'track' | 'segment' | 'point' | 'extensions';
type Sensor = 'heartRateBpm' | 'cadence' | 'deviceDistanceM' | 'accuracyM';

/** At which depth each begins; what has the same name elsewhere is something else. */
const DEPTH: Readonly<Record<Where, number>> = {
  outside: 0,
  gpx: 1,
  metadata: 2,
  track: 2,
  segment: 3,
  point: 4,
  extensions: 5,
};
const PARENT: Readonly<Record<Where, Where>> = {
  outside: 'outside',
  gpx: 'outside',
  metadata: 'gpx',
  track: 'gpx',
  segment: 'track',
  point: 'segment',
  extensions: 'point',
};

const SENSORS: ReadonlyMap<string, Sensor> = new Map([
  ['hr', 'heartRateBpm'],
  ['heartrate', 'heartRateBpm'],
  ['heart_rate', 'heartRateBpm'],
  ['cad', 'cadence'],
  ['cadence', 'cadence'],
  ['runcadence', 'cadence'],
  ['distance', 'deviceDistanceM'],
  ['accuracy', 'accuracyM'],
  ['accuracy_horizontal', 'accuracyM'],
  ['horizontal_accuracy', 'accuracyM'],
]);

export class GpxHandler implements XmlHandler {
  private where: Where = 'outside';
  private depth = 0;
  private readonly collector: ActivityCollector;
  private draft: ActivityDraft | null = null;
  private readonly point = emptyPoint();
  /** Null = texts are of no interest. */
  private captured: string | null = null;
  private fileName = '';
  private fileNotes = '';
  private hasRoute = false;

  constructor(limits: ReadLimits) {
    this.collector = new ActivityCollector(limits);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.depth += 1;
    if (this.where === 'extensions') {
      if (SENSORS.has(name) || SENSORS.has(name.toLowerCase())) this.captured = '';
      return;
    }
    if (this.depth === DEPTH[this.where] + 1) this.openChild(name, attributes);
  }

  close(name: string): void {
    const { depth, where } = this;
    this.depth -= 1;
    if (depth === DEPTH[where]) {
      this.leave();
      return;
    }
    const text = this.captured;
    if (text === null) return;
    if (where === 'extensions') {
      this.captured = null;
      this.sensor(name, text);
    } else if (depth === DEPTH[where] + 1) {
      this.captured = null;
      this.value(name, text);
    }
  }

  text(text: string): void {
    if (this.captured !== null) this.captured += text;
  }

  /** @throws ImportRefusal where nothing can be taken */
  finish(): FileReading {
    const otherwise = new ImportRefusal(this.hasRoute ? 'not-an-activity' : 'no-track');
    return this.collector.finish('gpx', otherwise);
  }

  private openChild(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (this.where) {
      case 'outside':
        if (name !== 'gpx') throw new ImportRefusal('wrong-root');
        this.where = 'gpx';
        return;
      case 'gpx':
        if (name === 'trk') this.beginTrack();
        else if (name === 'metadata') this.where = 'metadata';
        else if (name === 'rte') this.hasRoute = true;
        else if (name === 'name' || name === 'desc') this.captured = '';
        return;
      case 'metadata':
        if (name === 'name' || name === 'desc') this.captured = '';
        return;
      case 'track':
        if (name === 'trkseg') {
          this.where = 'segment';
          this.draft!.beginSegment();
        } else if (name === 'name' || name === 'desc' || name === 'type') this.captured = '';
        return;
      case 'segment':
        if (name === 'trkpt') this.beginPoint(attributes);
        return;
      case 'point':
        if (name === 'extensions') this.where = 'extensions';
        else if (name === 'time' || name === 'ele' || SENSORS.has(name)) this.captured = '';
        return;
      case 'extensions':
        return;
    }
  }

  private beginTrack(): void {
    this.where = 'track';
    this.draft = this.collector.begin();
  }

  private beginPoint({ lat, lon }: Readonly<Record<string, string>>): void {
    this.where = 'point';
    const { point } = this;
    point.latDeg = lat === undefined ? Number.NaN : decimal(lat);
    point.lonDeg = lon === undefined ? Number.NaN : decimal(lon);
    point.atMs = Number.NaN;
    point.altitudeM = Number.NaN;
    point.accuracyM = Number.NaN;
    point.heartRateBpm = Number.NaN;
    point.cadence = Number.NaN;
    point.deviceDistanceM = Number.NaN;
  }

  private leave(): void {
    const { where } = this;
    this.where = PARENT[where];
    this.captured = null;
    if (where === 'point') this.collector.add(this.draft!, this.point);
    else if (where === 'track') this.endTrack();
  }

  private endTrack(): void {
    const draft = this.draft!;
    if (draft.name.trim() === '') draft.name = this.fileName;
    if (draft.notes.trim() === '') draft.notes = this.fileNotes;
    this.collector.end();
    this.draft = null;
  }

  private value(name: string, text: string): void {
    const { draft, where } = this;
    if (where === 'point') {
      if (name === 'time') this.point.atMs = instantMs(text);
      else if (name === 'ele') this.point.altitudeM = decimal(text);
      else this.sensor(name, text);
    } else if (where === 'track') {
      if (name === 'type') draft!.sport = sportOfText(text);
      else if (name === 'name') draft!.name = text;
      else draft!.notes = text;
    } else if (name === 'name') this.fileName = text;
    else this.fileNotes = text;
  }

  private sensor(name: string, text: string): void {
    const sensor = SENSORS.get(name) ?? SENSORS.get(name.toLowerCase());
    const value = decimal(text);
    if (sensor !== undefined && !Number.isNaN(value)) this.point[sensor] = value;
  }
}
