import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gpxData } from '../../../test/support/gpx-data.js';
import { type Corner, cut, recorded, type Recording, turned, wayM } from '../../../test/support/made-ways.js';
import { formOf } from './route-form.js';
import { passagesOf } from './route-passages.js';
import type { WayShape } from './route-shape.js';
import { compareShapes, type Relation, type Similarity } from './route-similarity.js';
import { pathOf, type RunPath } from './run-path.js';

const path = (corners: readonly Corner[], recording?: Recording): RunPath =>
  pathOf(recorded(corners, recording))!;
const shape = (corners: readonly Corner[], recording?: Recording): WayShape => path(corners, recording).shape;

/** A way of straight legs whose corners turn at most a right angle: no leg lies on another one by chance. */
const ways = fc
  .array(
    fc.record({ legM: fc.integer({ min: 200, max: 700 }), turnDeg: fc.integer({ min: -35, max: 75 }) }),
    { minLength: 4, maxLength: 8 },
  )
  .map((legs) => {
    let [x, y, headingRad] = [0, 0, 0];
    const corners: Corner[] = [[0, 0]];
    for (const { legM, turnDeg } of legs) {
      headingRad += (turnDeg * Math.PI) / 180 / 2;
      [x, y] = [x + legM * Math.cos(headingRad), y + legM * Math.sin(headingRad)];
      corners.push([x, y]);
    }
    return corners;
  });
const recordings = fc.record({
  noiseM: fc.constantFrom(0, 3, 6),
  everyS: fc.constantFrom(1, 2, 5),
  speedMps: fc.constantFrom(2.2, 3, 4.5),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});
/** A loop around a block of the given sides. */
const loop = (width: number, height: number): Corner[] => [
  [0, 0],
  [width, 0],
  [width, height],
  [0, height],
  [0, 0],
];
const RUNS = { numRuns: 25 };

describe('two runs over one way', () => {
  it('are the same, however they were recorded', () => {
    fc.assert(
      fc.property(ways, recordings, recordings, (way, one, other) => {
        const found = compareShapes(shape(way, one), shape(way, other));
        expect(found).toMatchObject({ relation: 'same', direction: 'forward', rotationM: 0 });
        expect(Math.min(found.coverage, found.otherCoverage)).toBeGreaterThan(0.9);
        expect(found.order).toBeGreaterThan(0.8);
      }),
      RUNS,
    );
  });

  it('are reversed when one goes from the end to the start', () => {
    fc.assert(
      fc.property(ways, recordings, recordings, (way, one, other) => {
        const found = compareShapes(shape(way, one), shape([...way].reverse(), other));
        expect(found).toMatchObject({ relation: 'reversed', direction: 'backward' });
        expect(found.order).toBeLessThan(-0.8);
      }),
      RUNS,
    );
  });

  it('are contained in one another when one is a part, in either direction', () => {
    fc.assert(
      fc.property(
        ways.filter((way) => wayM(way) > 1_500),
        recordings,
        recordings,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.boolean(),
        (way, one, other, from, isBackward) => {
          const [fromM, toM] = [from * wayM(way), (from + 0.4) * wayM(way)];
          const part = cut(way, fromM, toM);
          const found = compareShapes(shape(isBackward ? part.reverse() : part, one), shape(way, other));
          expect(found).toMatchObject({
            relation: 'contained',
            direction: isBackward ? 'backward' : 'forward',
          });
          const { otherFromM, otherToM } = found.shared!;
          const [lowM, highM] = [Math.min(otherFromM, otherToM), Math.max(otherFromM, otherToM)];
          expect(Math.abs(lowM - fromM)).toBeLessThan(80);
          expect(Math.abs(highM - toM)).toBeLessThan(80);
        },
      ),
      RUNS,
    );
  });

  it('are one loop when they only begin at different corners of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 900 }),
        fc.integer({ min: 300, max: 900 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        recordings,
        recordings,
        fc.boolean(),
        (width, height, start, one, other, isBackward) => {
          const block = loop(width, height);
          const begun = turned(block, start * wayM(block));
          const [own, whole] = [shape(isBackward ? begun.reverse() : begun, one), shape(block, other)];
          const [found, asked] = [compareShapes(own, whole), compareShapes(whole, own)];
          expect([found.relation, asked.relation]).toEqual(Array(2).fill(isBackward ? 'reversed' : 'same'));
          expect(Math.abs(found.rotationM - start * wayM(block))).toBeLessThan(80);
          const askedM = (isBackward ? start : 1 - start) * wayM(block);
          expect(Math.abs(asked.rotationM - askedM)).toBeLessThan(80);
        },
      ),
      RUNS,
    );
  });

  it('are different where only the door is the same', () => {
    const [east, north] = [shape([[0, 0], [2_000, 0], [2_000, 500]]), shape([[0, 0], [0, 2_000], [500, 2_000]])]; // prettier-ignore
    expect(compareShapes(east, north)).toMatchObject({ relation: 'different' });
    const far = shape(loop(500, 500), { latDeg: -33.9, lonDeg: 151.2 });
    expect(compareShapes(east, far)).toMatchObject({
      relation: 'different',
      coverage: 0,
      shared: null,
      direction: null,
      meanOffM: null,
    });
  });

  it('overlap where they share a stretch and part', () => {
    const one = shape([[0, 0], [1_500, 0], [1_500, 1_000]]); // prettier-ignore
    const other = shape([[0, -800], [500, 0], [1_500, 0], [2_500, -500]]); // prettier-ignore
    expect(compareShapes(one, other)).toMatchObject({ relation: 'overlapping', direction: 'forward' });
    expect(compareShapes(one, other).coverage).toBeCloseTo(0.42, 1);
  });

  it('are one route on both sides of the date line and far in the north', () => {
    const way: Corner[] = [[-900, 0], [900, 100], [900, 900]]; // prettier-ignore
    for (const [latDeg, lonDeg] of [
      [-17, 180],
      [78.2, 15.6],
      [0, -179.999],
    ] as const)
      // prettier-ignore
      expect(
        compareShapes(
          shape(way, { latDeg, lonDeg, noiseM: 3 }),
          shape(way, { latDeg, lonDeg, noiseM: 3, seed: 2 }),
        ),
      ).toMatchObject({ relation: 'same' });
  });
});

describe('what one route is to another', () => {
  const mirrored: Record<Relation, Relation> = {
    same: 'same',
    reversed: 'reversed',
    contained: 'contains',
    contains: 'contained',
    overlapping: 'overlapping',
    different: 'different',
  };
  const mirror = ({ shared, ...found }: Similarity): object => ({
    relation: mirrored[found.relation],
    direction: found.direction,
    coverage: found.otherCoverage,
    otherCoverage: found.coverage,
    ordered: found.otherOrdered,
    otherOrdered: found.ordered,
    order: found.order,
    meanOffM: found.meanOffM,
    isShared: shared !== null,
  });
  const told = ({ rotationM: _, shared, ...found }: Similarity): object => ({
    ...found,
    isShared: shared !== null,
  });

  it('is the mirror of what the other one is to it', () => {
    fc.assert(
      fc.property(
        ways,
        ways,
        recordings,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (way, other, one, at) => {
          const far = wayM(way) * at;
          const [a, b] = [
            shape(way, one),
            shape([...cut(way, 0, Math.max(50, far)), ...other.slice(1)], one),
          ];
          expect(told(compareShapes(a, b))).toEqual(mirror(compareShapes(b, a)));
        },
      ),
      RUNS,
    );
  });

  it('says of itself that it is the same, without a rotation', () => {
    fc.assert(
      fc.property(ways, recordings, (way, one) => {
        const own = shape(way, one);
        expect(compareShapes(own, own)).toMatchObject({
          relation: 'same',
          rotationM: 0,
          coverage: 1,
          order: 1,
        });
      }),
      RUNS,
    );
  });
});

describe('laps, and a way there and back', () => {
  const track = loop(120, 80);
  const laps = (count: number): Corner[] => [
    track[0]!,
    ...Array.from({ length: count }, () => track.slice(1)).flat(),
  ];

  it('are told from each other and from loops', () => {
    expect(formOf(shape(laps(5), { noiseM: 2 }))).toMatchObject({ kind: 'laps', lapCount: 5 });
    expect(formOf(shape(laps(5))).lapDistanceM).toBeGreaterThan(380);
    expect(formOf(shape(laps(5))).lapDistanceM).toBeLessThan(405);
    expect(formOf(shape(loop(500, 800), { noiseM: 3 }))).toMatchObject({ kind: 'loop', lapCount: 1 });
    expect(formOf(shape([[0, 0], [3_000, 200]]))).toMatchObject({ kind: 'point_to_point', retraced: 0 }); // prettier-ignore
    const back: Corner[] = [[0, 0], [1_500, 0], [1_500, 900], [1_500, 0], [0, 0]]; // prettier-ignore
    expect(formOf(shape(back, { noiseM: 3 }))).toMatchObject({ kind: 'out_and_back' });
    expect(formOf(shape(back)).retraced).toBeGreaterThan(0.95);
  });

  it('of another number are no one route, and each lap is a passage', () => {
    const [three, six] = [path(laps(3), { noiseM: 2 }), path(laps(6), { noiseM: 2, seed: 7 })];
    const found = compareShapes(six.shape, three.shape);
    expect(found.relation).toBe('contains');
    const passages = passagesOf(six, three.shape, found);
    expect(passages).toHaveLength(2);
    for (const { elapsedTimeS } of passages) expect(Math.abs(elapsedTimeS - 1_200 / 3)).toBeLessThan(12);
  });

  it('the reverse of a way there and back is the way itself', () => {
    const back: Corner[] = [[0, 0], [1_500, 0], [1_500, 900], [1_500, 0], [0, 0]]; // prettier-ignore
    const found = compareShapes(
      shape(back, { noiseM: 3 }),
      shape([...back].reverse(), { noiseM: 3, seed: 5 }),
    );
    expect(found).toMatchObject({ relation: 'same', direction: 'forward' });
    // The way out alone is a part of it, forwards; so is the way back.
    for (const half of [back.slice(0, 3), back.slice(2)])
      expect(compareShapes(shape(half), shape(back))).toMatchObject({
        relation: 'contained',
        direction: 'forward',
      });
  });
});

describe('the time on a route', () => {
  const way: Corner[] = [[0, 0], [1_000, 0], [1_000, 1_000]]; // prettier-ignore

  it('leaves out what lies before and after, and stops at its start', () => {
    const around: Corner[] = [[-600, -300], ...way, [400, 1_500]]; // prettier-ignore
    const fromM = wayM([[-600, -300], [0, 0]]); // prettier-ignore
    const run = path(around, { stops: [[fromM, 90]], speedMps: 4 });
    const route = shape(way);
    const [only, ...others] = passagesOf(run, route, compareShapes(run.shape, route));
    expect(others).toEqual([]);
    expect(Math.abs(only!.elapsedTimeS - 500)).toBeLessThan(6);
    expect(Math.abs(only!.fromM - fromM)).toBeLessThan(15);
  });

  it('holds a stop on the way, and does not where the watch was stopped', () => {
    const track = recorded(way, { stops: [[800, 120]], speedMps: 4 });
    const route = shape(way);
    const run = pathOf(track, [{ fromMs: 205_000, toMs: 315_000 }])!;
    const [passage] = passagesOf(run, route, compareShapes(run.shape, route));
    expect(Math.abs(passage!.elapsedTimeS - 620)).toBeLessThan(4);
    expect(passage!.elapsedTimeS - passage!.movingTimeS).toBeCloseTo(110, 6);
  });

  it('of a loop begun elsewhere is that of one turn', () => {
    const block = loop(700, 500);
    const run = path([...turned(block, 900), ...cut(turned(block, 900), 0, 150).slice(1)], { speedMps: 3 });
    const route = shape(block);
    const found = compareShapes(run.shape, route);
    const [passage] = passagesOf(run, route, found);
    expect(Math.abs(passage!.elapsedTimeS - wayM(block) / 3)).toBeLessThan(12);
  });

  it('is not there for a run that goes the other way', () => {
    const run = path([...way].reverse());
    expect(passagesOf(run, shape(way), compareShapes(run.shape, shape(way)))).toEqual([]);
  });
});

const data = gpxData();
const REAL = data === undefined ? describe.skip : describe;

// What SOURCES.md of the data says of each pair, and what is true beyond it.
REAL('real tracks (needs ../shared/data/gpx)', () => {
  const real = (name: string): RunPath =>
    pathOf(data!.track(name.includes('/') ? name : `trackeR/2013-06-${name}.TCX.gz`))!;
  const compare = (one: string, other: string): Similarity =>
    compareShapes(real(one).shape, real(other).shape);

  it('of one route on two dates are the same, and the gap at the line is six seconds', () => {
    const [first, second] = [real('08-090442'), real('15-090638')];
    const found = compareShapes(first.shape, second.shape);
    expect(found).toMatchObject({ relation: 'same', direction: 'forward' });
    expect(Math.min(found.coverage, found.otherCoverage)).toBeGreaterThan(0.99);
    const [passage] = passagesOf(first, second.shape, found);
    // The watch ran for 1185 s, 54 s of them after the line.
    expect(Math.abs(passage!.elapsedTimeS - 1_125 - 5.7)).toBeLessThan(1);
    expect(formOf(second.shape).retraced).toBeGreaterThan(0.65);
  });

  it('the short run is the beginning of a longer one', () => {
    const found = compare('14-095723', '20-180628');
    expect(found).toMatchObject({ relation: 'contained', direction: 'forward' });
    expect(found.coverage).toBeGreaterThan(0.99);
    expect(found.shared!.otherFromM).toBeLessThan(30);
  });

  it('a run that lies on another one whole, but on its way back in part, is no part of it', () => {
    // Within 25 m everywhere; yet 400 m of it follow the other one's way home, whose way out is 65 m off there.
    const found = compare('14-095723', '22-150811');
    expect(found.coverage).toBeGreaterThan(0.99);
    expect(found.relation).toBe('overlapping');
    expect(found.ordered).toBeLessThan(0.85);
  });

  it.each([
    ['14-105252', '24-151957'],
    ['19-183041', '23-080959'],
  ])('%s lies in the middle of %s, in its direction', (part, whole) => {
    const found = compare(part, whole);
    expect(found).toMatchObject({ relation: 'contained', direction: 'forward' });
    expect(found.order).toBeGreaterThan(0.95);
  });

  it.each([
    ['14-105252', '09-165756', 10],
    ['14-105252', '21-174510', 18],
  ])('%s lies in %s backwards', (part, whole, offM) => {
    const found = compare(part, whole);
    expect(found).toMatchObject({ relation: 'contained', direction: 'backward' });
    expect(found.order).toBeLessThan(-0.9);
    expect(found.meanOffM).toBeLessThan(offM);
    expect(passagesOf(real(whole), real(part).shape, compare(whole, part))).toEqual([]);
  });

  it.each([
    ['12-182257', '20-180628', 'different'],
    ['12-182257', '21-174510', 'different'],
    // The same 4 km on their way home.
    ['20-180628', '21-174510', 'overlapping'],
  ])('%s and %s begin and end at one door and are not one route', (one, other, relation) => {
    expect(compare(one, other).relation).toBe(relation);
  });

  it('knows a way there and back', () => {
    const form = formOf(real('14-100911').shape);
    expect(form.kind).toBe('out_and_back');
    expect(form.retraced).toBeGreaterThan(0.85);
  });

  it('two recordings of one run are the same', () => {
    const [one, other] = ['movescount', 'sports-tracker'].map(
      (app) => `sports-lib/samples_gpx_${app}.gpx.gz`,
    );
    const found = compare(one!, other!);
    expect(found).toMatchObject({ relation: 'same', direction: 'forward' });
    expect(found.meanOffM).toBeLessThan(2);
  });

  it('all stand to each other as the mirror says', () => {
    const names = ['08-090442', '14-095723', '14-100911', '20-180628', '21-174510', '22-150811'];
    const shapes = names.map((name) => real(name).shape);
    for (const one of shapes)
      for (const other of shapes) {
        const [there, back] = [compareShapes(one, other), compareShapes(other, one)];
        expect([there.coverage, there.ordered, there.order]).toEqual([
          back.otherCoverage,
          back.otherOrdered,
          back.order,
        ]);
      }
  });
});
