import { placeAt, type RouteShape } from '../ghosts/ghost-curve.js';
import { headingsOverChords, type Headings } from '../geo/headings.js';

export interface TrackerSnapshot {
  alongM: number;
  speedMps: number;
  tMs: number;
  lostMs: number;
  offsetM: number;
  agreeing: number;
}

const OFF_M = 35;

/** A place on a route that follows fixes. First version: windowed monotone projection (running.md 4.3). */
export class RouteTracker {
  alongM = 0;
  speedMps = 0;
  sdM = 5;
  offsetM = 0;
  lostMs = 0;
  private tMs = 0;
  private agreeing = 0;
  private readonly headings: Headings;
  private readonly lengthM: number;

  constructor(private readonly route: RouteShape) {
    const alongM = Float64Array.from({ length: route.xM.length }, (_, index) => index * route.stepM);
    this.headings = headingsOverChords(route.xM, route.yM, alongM);
    this.lengthM = alongM.at(-1)!;
  }

  begin(tMs: number, alongM: number, speedMps: number): void {
    Object.assign(this, { tMs, alongM, speedMps, lostMs: 0, offsetM: 0, agreeing: 0 });
  }

  step(tMs: number, xM: number, yM: number, eastMps: number, northMps: number): void {
    const dtS = (tMs - this.tMs) / 1000;
    this.tMs = tMs;
    const lostS = this.lostMs / 1000;
    const isLost = lostS > 5;
    const fromM = this.alongM - (isLost ? 75 : 15);
    const toM = this.alongM + (isLost ? 6 * lostS + 30 : Math.max(25, 2.5 * this.speedMps * dtS + 20));
    const expectedM = this.alongM + this.speedMps * dtS;
    const found = this.search(fromM, toM, expectedM, xM, yM, eastMps, northMps);
    this.offsetM = found.offsetM;
    if (found.offsetM > OFF_M) {
      this.lostMs += dtS * 1000;
      this.agreeing = 0;
      return;
    }
    if (isLost && (this.agreeing += 1) < 3) return;
    this.lostMs = 0;
    const movedM = Math.max(0, found.alongM - this.alongM);
    if (dtS > 0) this.speedMps += 0.2 * (movedM / dtS - this.speedMps);
    this.alongM = Math.max(this.alongM, found.alongM);
  }

  snapshot(): TrackerSnapshot {
    const { alongM, speedMps, tMs, lostMs, offsetM, agreeing } = this;
    return { alongM, speedMps, tMs, lostMs, offsetM, agreeing };
  }

  restore(snapshot: TrackerSnapshot): void {
    Object.assign(this, snapshot);
  }

  headingAt(alongM: number): { east: number; north: number } {
    const index = Math.min(Math.max(0, Math.round(alongM / this.route.stepM)), this.headings.east.length - 1);
    return { east: this.headings.east[index]!, north: this.headings.north[index]! };
  }

  private search(
    fromM: number,
    toM: number,
    expectedM: number,
    xM: number,
    yM: number,
    eastMps: number,
    northMps: number,
  ): { alongM: number; offsetM: number } {
    const speed = Math.hypot(eastMps, northMps);
    const place = { xM: 0, yM: 0 };
    let best = { alongM: this.alongM, offsetM: Infinity };
    let bestCost = Infinity;
    for (let m = Math.max(0, fromM); m <= Math.min(this.lengthM, toM); m += 1) {
      placeAt(this.route, m, place);
      const offsetM = Math.hypot(xM - place.xM, yM - place.yM);
      const heading = this.headingAt(m);
      const cosine = speed > 0.5 ? (heading.east * eastMps + heading.north * northMps) / speed : 0;
      const cost = (offsetM / 10) ** 2 + ((m - expectedM) / 20) ** 2 + 6 * Math.max(0, -cosine);
      if (cost < bestCost) {
        bestCost = cost;
        best = { alongM: m, offsetM };
      }
    }
    return best;
  }
}
