import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FixAck } from '../../src/running/recordings/open-run.js';
import { RACE_FRAMES } from '../../src/running/races/race.frames.js';
import { type Answer, call, get } from '../support/api-client.js';
import { courseTrack } from '../support/courses.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LiveClient } from '../support/live-client.js';
import { newPerson, type Person } from '../support/people.js';
import { fixesOf, type SentFix } from '../support/running-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// By whatever way fixes come (REST or socket, in any order, twice, after the finish, by a clock that was changed), they make one and the same
// run; and wherever on Earth it is.

const RUNS = '/api/v1/running/runs';
const HOUR_MS = 3_600_000;
/** Three hours ago, so that everything that comes now comes late. */
const AT = Date.now() - 3 * HOUR_MS;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  ada = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const write = (method: string, path: string, body: unknown): Promise<Answer> =>
  call(server.url, method, path, { token: ada.accessToken, body });
const read = (path: string): Promise<Answer> => get(server.url, path, { token: ada.accessToken });
const connect = (): Promise<LiveClient> =>
  LiveClient.open(server.url, RACE_FRAMES, { token: ada.accessToken });

async function begin(): Promise<string> {
  const { json } = await write('POST', RUNS, { startedAt: new Date(AT).toISOString() });
  return json.id as string;
}

async function put(runId: string, fixes: readonly SentFix[]): Promise<FixAck> {
  const answer = await write('PUT', `${RUNS}/${runId}/fixes`, { fixes });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json as FixAck;
}

const finish = (runId: string, lastSeq: number): Promise<Answer> =>
  write('POST', `${RUNS}/${runId}/finish`, { lastSeq });

/** What the answer says is missing is sent, the last first, until nothing is. */
async function fillGaps(runId: string, fixes: readonly SentFix[]): Promise<FixAck> {
  for (let round = 0; round < 10; round += 1) {
    const ack = await put(runId, [fixes[0]!]);
    if (ack.missing.length === 0 && ack.upTo === fixes.length) return ack;
    const missing = ack.missing.flatMap(([from, to]) => fixes.slice(from - 1, to));
    await put(runId, missing.reverse());
  }
  throw new Error('Gaps stay open');
}

/** All that is shown of a run's track, once no fold waits. */
async function trackOf(runId: string): Promise<object> {
  await waitUntil('the track is made', 20_000, async () => {
    const [open] = await queryRows<{ count: number }>(
      database.url,
      `SELECT (SELECT count(*) FROM platform.job WHERE name = 'running.fold-run' AND payload->>'runId' = $1 AND state NOT IN ('done', 'dead'))
         + (SELECT count(*) FROM running.fix WHERE run_id = $1::uuid) AS count`,
      [runId],
    );
    return Number(open!.count) === 0;
  });
  const [run, streams, pauses, corrections] = await Promise.all(
    ['', '/streams?resolution=high', '/pauses', '/corrections'].map(
      async (of) => (await read(`${RUNS}/${runId}${of}`)).json,
    ),
  );
  const { distanceM, movingTimeS, elapsedTimeS, elevationGainM } = run;
  const { runId: _id, trackVersion: _version, ...columns } = streams;
  return {
    distanceM,
    movingTimeS,
    elapsedTimeS,
    elevationGainM,
    columns,
    pauses: pauses.items,
    corrections: corrections.items,
  };
}

const FIXES = fixesOf(courseTrack({ speedMps: 3.3, toM: 1_200 }), AT);
const COUNT = FIXES.length;
const shifted = (by: (seq: number) => number): SentFix[] =>
  FIXES.map(([seq, tMs, ...place]) => [seq, tMs + by(seq), ...place]);
const CLOCKS: Record<string, SentFix[]> = {
  'a clock that is right': FIXES,
  'a clock that is set back by an hour': shifted((seq) => (seq > 150 ? -HOUR_MS : 0)),
  'a clock that is ahead for a while': shifted((seq) => (seq > 100 && seq <= 160 ? 2 * HOUR_MS : 0)),
};

const history = fc.record({
  portions: fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: COUNT - 1 }),
      count: fc.integer({ min: 1, max: 160 }),
      way: fc.constantFrom('rest', 'socket', 'late'),
      isReversed: fc.boolean(),
    }),
    { minLength: 3, maxLength: 8 },
  ),
  saysItself: fc.boolean(),
});

describe('a recording', () => {
  it.each(Object.entries(CLOCKS))('by %s is one run by every way', async (clock, fixes) => {
    const straight = await begin();
    expect(await put(straight, fixes)).toMatchObject({
      upTo: COUNT,
      missing: [],
      duplicates: 0,
      conflicts: 0,
    });
    await finish(straight, COUNT);
    const wanted = await trackOf(straight);
    expect(wanted).toMatchObject({ columns: { originalCount: COUNT } });
    const isRight = clock === 'a clock that is right';
    expect((wanted as { corrections: object[] }).corrections).toMatchObject(
      isRight ? [] : [{ kind: 'clock' }],
    );
    expect(Math.abs((wanted as { distanceM: number }).distanceM - 1_200)).toBeLessThan(5);
    expect(Math.abs((wanted as { elapsedTimeS: number }).elapsedTimeS - (COUNT - 1))).toBeLessThan(2);
    const client = await connect();
    await fc.assert(
      fc.asyncProperty(history, async ({ portions, saysItself }) => {
        const runId = await begin();
        const late: SentFix[][] = [];
        for (const { from, count, way, isReversed } of portions) {
          const portion = fixes.slice(from, from + count);
          if (isReversed) portion.reverse();
          if (way === 'late') late.push(portion);
          else if (way === 'rest') expect(await put(runId, portion)).toMatchObject({ conflicts: 0 });
          else client.send('fix', { runId, f: portion });
        }
        if (saysItself) expect((await client.ask('finish', { runId, lastSeq: COUNT })).event).toBe('done');
        else await finish(runId, COUNT);
        for (const portion of late) expect(await put(runId, portion)).toMatchObject({ conflicts: 0 });
        expect(await fillGaps(runId, fixes)).toMatchObject({ conflicts: 0 });
        expect(await trackOf(runId)).toEqual(wanted);
      }),
      { numRuns: 3 },
    );
    expect(client.of('ack').filter(({ data }) => data.conf > 0)).toEqual([]);
    expect(client.of('error')).toEqual([]);
    client.close();
  });

  it('has stored what it acknowledged, when its socket is cut in the middle of a batch', async () => {
    const runId = await begin();
    const first = await connect();
    for (let from = 0; from < 200; from += 20) first.send('fix', { runId, f: FIXES.slice(from, from + 20) });
    const ack = await waitUntil(
      'something is acknowledged',
      10_000,
      () => first.of('ack').at(-1)?.data as FixAck | undefined,
    );
    first.close();
    const stored = await queryRows<{ seq: number }>(database.url, 'SELECT seq FROM running.fix WHERE run_id = $1 AND seq <= $2', [runId, ack.upTo]); // prettier-ignore
    expect(stored.length).toBe(ack.upTo);
    expect(ack.upTo).toBeGreaterThan(0);
    const [second, third] = [await connect(), await connect()];
    // Two devices of one runner at once, each with a part: neither takes anything from the other.
    second.send('fix', { runId, f: FIXES.filter(([seq]) => seq % 2 === 0) });
    third.send('fix', { runId, f: FIXES.filter(([seq]) => seq % 2 === 1) });
    await waitUntil('all is stored', 10_000, async () => (await put(runId, [FIXES[0]!])).upTo === COUNT);
    await finish(runId, COUNT);
    expect(await trackOf(runId)).toMatchObject({ columns: { originalCount: COUNT }, corrections: [] });
    second.close();
    third.close();
  });

  it('keeps the first of two fixes with one number, by whichever way the second comes', async () => {
    const runId = await begin();
    const client = await connect();
    const other = (seq: number): SentFix => [seq, FIXES[seq - 1]![1], 10, 10, 4];
    client.send('fix', { runId, f: [FIXES[0]!] });
    await waitUntil('it is stored', 10_000, () => client.of('ack').length > 0);
    expect(await put(runId, [other(1), FIXES[1]!])).toMatchObject({ upTo: 2, duplicates: 1, conflicts: 1 });
    client.send('fix', { runId, f: [other(2)] });
    await waitUntil('it is refused', 10_000, () => client.of('ack').some(({ data }) => data.conf === 1));
    await put(runId, FIXES);
    await finish(runId, COUNT);
    const before = await trackOf(runId);
    expect(before).toMatchObject({ corrections: [], columns: { originalCount: COUNT } });
    expect(await put(runId, [other(5)])).toMatchObject({ upTo: COUNT, duplicates: 1, conflicts: 1 }); // folded by now
    expect(await trackOf(runId)).toEqual(before);
    client.close();
  });
});

describe('what was put right', () => {
  it('is told with its reason and the figures before and after', async () => {
    const runId = await begin();
    const away = (seq: number): boolean => seq === 100 || seq === 101;
    const stoodS = 120;
    const fixes = FIXES.map(([seq, tMs, lat, lon, acc]): SentFix => [
      seq,
      tMs + (seq > 200 ? stoodS * 1_000 : 0),
      lat + (away(seq) ? 0.02 : 0),
      lon,
      acc,
    ]);
    await put(runId, fixes);
    await finish(runId, COUNT);
    const { distanceM, movingTimeS } = (await trackOf(runId)) as { distanceM: number; movingTimeS: number };
    expect(Math.abs(distanceM - 1_200)).toBeLessThan(10);
    expect(Math.abs(movingTimeS - (COUNT - 1))).toBeLessThan(5);
    const { items } = (await read(`${RUNS}/${runId}/corrections`)).json as { items: { kind: string; reason: string; before: Record<string, number>; after: Record<string, number> }[] }; // prettier-ignore
    expect(items.map(({ kind }) => kind)).toEqual(['spike', 'pause']);
    const [spike, pause] = items;
    expect(spike).toMatchObject({ fromS: 99, toS: 100, pointCount: 2 });
    expect(spike!.reason).toMatch(/nobody can have been/);
    expect(spike!.before.distanceM! - spike!.after.distanceM!).toBeGreaterThan(4_000); // two kilometres there and back
    expect(spike!.after.maxSpeedMps).toBeLessThan(9);
    expect(pause).toMatchObject({
      fromS: 199,
      toS: 199 + stoodS + 1,
      pointCount: 0,
      after: { distanceM: 0 },
    });
  });
});

describe('the sport', () => {
  it('decides which places are believed, also when it is told later', async () => {
    const fixes = Array.from({ length: 121 }, (_v, second): SentFix => [second + 1, AT + second * 1_000, 48.2 + (second * 15) / 111_195, 16.3, 4]); // prettier-ignore
    const runId = await begin();
    await put(runId, fixes);
    await finish(runId, fixes.length);
    const seen = async () => {
      const track = (await trackOf(runId)) as {
        corrections: object[];
        columns: { latDeg: (number | null)[] | null };
      };
      return {
        isPutRight: track.corrections.length > 0,
        places: track.columns.latDeg?.filter((lat) => lat !== null).length ?? 0,
      };
    };
    const ran = await seen();
    expect(ran.isPutRight).toBe(true); // nobody runs at fifteen metres a second
    expect((await write('PATCH', `${RUNS}/${runId}`, { sport: 'ride' })).json).toMatchObject({
      sport: 'ride',
    });
    expect(await seen()).toEqual({ isPutRight: false, places: fixes.length });
    expect((await read(`${RUNS}/${runId}`)).json.distanceM).toBeCloseTo(120 * 15, -1);
    await write('PATCH', `${RUNS}/${runId}`, { sport: 'run' });
    expect(await seen()).toEqual(ran);
  });
});

describe('a run at the ends of the map', () => {
  const M = 1 / 111_195.08; // degrees of latitude
  const line = (at: (alongM: number) => [latDeg: number, lonDeg: number]): SentFix[] =>
    Array.from({ length: 401 }, (_v, second) => [second + 1, AT + second * 1_000, ...at(second * 3), 4]);
  const wrapped = (lonDeg: number): number => (lonDeg > 180 ? lonDeg - 360 : lonDeg);
  const places: [name: string, fixes: SentFix[], bounds: object, lines: number][] = [
    [
      'the date line',
      line((m) => [-17, wrapped(179.995 + (m * M) / Math.cos((17 * Math.PI) / 180))]),
      { westDeg: 179.995 },
      2,
    ],
    ['the north pole', line((m) => [90 - Math.abs(m - 600) * M, m < 600 ? 10 : -170]), { northDeg: 90 }, 1],
    ['the south pole', line((m) => [-90 + (m + 1) * M, 0]), { westDeg: 0, eastDeg: 0 }, 1],
    [
      'a circle around the pole',
      line((m) => [90 - 100 * M, wrapped(-180 + ((m / 100) * 180) / Math.PI)]),
      { westDeg: -180, eastDeg: 180 },
      2,
    ],
  ];
  it.each(places)('at %s is as long as anywhere', async (_name, fixes, bounds, lines) => {
    const runId = await begin();
    await put(
      runId,
      fixes.map(([seq, tMs, lat, lon, acc]): SentFix => [seq, tMs, lat, ((lon + 540) % 360) - 180, acc]),
    );
    await finish(runId, fixes.length);
    expect(await trackOf(runId)).toMatchObject({
      elapsedTimeS: 400,
      movingTimeS: 400,
      corrections: [],
      pauses: [],
    });
    const { distanceM } = (await read(`${RUNS}/${runId}`)).json as { distanceM: number };
    expect(Math.abs(distanceM - 1_200)).toBeLessThan(2);
    const route = (await read(`${RUNS}/${runId}/route`)).json;
    expect(route.bounds).toMatchObject(bounds);
    expect(
      lines === 1 ? [route.geojson.geometry.coordinates] : route.geojson.geometry.coordinates,
    ).toHaveLength(lines);
    const streams = (await read(`${RUNS}/${runId}/streams?resolution=low`)).json;
    expect((streams.speedMps as number[]).every((speed) => Math.abs(speed - 3) < 0.1)).toBe(true);
    for (const path of [
      'route?resolution=low',
      'splits',
      'best-efforts',
      'route.svg',
      'pace.svg',
      'card.svg',
      'export?format=gpx',
      'export?format=tcx',
    ]) {
      const answer = await read(`${RUNS}/${runId}/${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.text).not.toMatch(/NaN|Infinity/);
    }
  });
});
