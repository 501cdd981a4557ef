import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { SeededRandom } from '../../src/market/simulation/random.js';
import { summariseTrack } from '../../src/running/analysis/track-summary.js';
import type { Track } from '../../src/running/geo/track.js';
import { encodeTrack, TRACK_CODEC } from '../../src/running/runs/track-codec.js';
import { hillyPace, LINES, noiseOf, runAlong, withNoise } from '../../test/factories/generated-tracks.js';
import { SECRETS_KEY } from './bungie-world.js';
import { connectOwner, type Guildhall, type Spawned, spawnGuildhall, startGuildhall } from './guildhall.js';
import { register, signIn } from './people.js';
import type { Benchmark } from './run-benchmark.js';

// Races in a database, ready to be run. All runners are one account's: what a fix costs does not depend on whose it is, and thousands of
// passwords would take longer than the benchmark. Ghosts are made of runs by the program; races are copies of some that it made.

/** So many different trios of ghosts; racers share them. */
const COURSES = 4;
const GHOST_PACES_MPS = [3.1, 3.3, 3.5];
const RACER_MPS = 3.3;
const RECEIVER_M = 4;
/** Where ghosts begin: racers come from before their start line. */
const LINE_AT_M = 35;
const BUILT_WITHIN_MS = 60_000;
const RUNNING = '/api/v1/running';

/** Settings under which one account may have as many sockets as a benchmark needs, and its token lasts. */
export const RACE_ENV = {
  WS_SOCKETS_PER_USER: '50000',
  WS_SOCKETS: '50000',
  ACCESS_TOKEN_S: '3600',
  RATE_LIMITS: 'off',
  SECRETS_KEY,
};

export interface Racer {
  readonly raceId: string;
  readonly runId: string;
  /** Index of its course. */
  readonly course: number;
}

/** Latitude and longitude of each second of a racer, who starts before the line. */
export type Places = readonly (readonly [latDeg: number, lonDeg: number])[];

export interface RaceWorld {
  readonly token: string;
  readonly courses: readonly Places[];
  readonly racers: readonly Racer[];
}

/** The program as it keeps the database and makes the ghosts; the sockets go to others. */
export function startRaceHome(benchmark: Benchmark): Promise<Guildhall> {
  return startGuildhall(benchmark, { name: 'home', env: RACE_ENV });
}

/** A process that serves and does no jobs. */
export function startRaceApi(
  benchmark: Benchmark,
  home: Guildhall,
  name: string,
  env: Record<string, string> = {},
): Promise<Spawned> {
  const own = { GUILDHALL_ROLE: 'api', DATABASE_URL: home.databaseUrl, ...env };
  return spawnGuildhall(benchmark, { name, env: { ...RACE_ENV, ...own } });
}

/** @param ghosts of each race, at most three */
export async function prepareRaces(
  benchmark: Benchmark,
  home: Guildhall,
  racerCount: number,
  ghosts = GHOST_PACES_MPS.length,
): Promise<RaceWorld> {
  const email = 'racer@example.org';
  await register(home.url, email);
  const { accessToken: token, status } = await signIn(home.url, email, '10.0.0.1');
  if (status !== 200) throw new Error(`Signing in: ${status}`);
  const owner = await connectOwner(benchmark, home);
  const found = await owner.query<{ id: string }>('SELECT id FROM identity.account WHERE email = $1', [
    email,
  ]);
  const userId = found.rows[0]!.id;
  const courses: Places[] = [];
  const templates: string[] = [];
  for (let course = 0; course < COURSES; course += 1) {
    const { places, tracks } = courseOf(benchmark.seed + course);
    const ids: string[] = [];
    for (const track of tracks.slice(0, ghosts))
      ids.push(await makeGhost(home.url, token, owner, userId, track));
    const race = await ask<{ id: string }>(home.url, 'POST', '/races', token, { ghostIds: ids });
    courses.push(places);
    templates.push(race.id);
  }
  const racers: Racer[] = Array.from({ length: racerCount }, (_none, index) => ({
    raceId: randomUUID(),
    runId: randomUUID(),
    course: index % COURSES,
  }));
  await copyRaces(owner, userId, templates, racers);
  return { token, courses, racers };
}

/** How many fixes of these runs are stored. */
export async function countFixes(owner: Client, runIds: readonly string[]): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM running.fix WHERE run_id = ANY ($1::uuid[])',
    [runIds],
  );
  return rows[0]!.count;
}

function courseOf(seed: number): { places: Places; tracks: Track[] } {
  const random = new SeededRandom(seed, 2, 9);
  const line = LINES.road(random);
  const seen = (meanMps: number): { track: Track; alongM: Float64Array } => {
    const { track, alongM } = runAlong(line, { pace: hillyPace(random, meanMps) });
    return { track: withNoise(track, noiseOf(RECEIVER_M, random), random), alongM };
  };
  const own = seen(RACER_MPS).track;
  const places = Array.from(own.latDeg, (lat, index) => [cut(lat), cut(own.lonDeg[index]!)] as const);
  const tracks = GHOST_PACES_MPS.map((meanMps) => {
    const { track, alongM } = seen(meanMps);
    return behind(
      track,
      alongM.findIndex((m) => m >= LINE_AT_M),
    );
  });
  return { places, tracks };
}

function behind(track: Track, first: number): Track {
  const tMs = track.tMs.slice(first).map((ms) => ms - track.tMs[first]!);
  const [latDeg, lonDeg] = [track.latDeg.slice(first), track.lonDeg.slice(first)];
  return { ...track, length: tMs.length, tMs, latDeg, lonDeg };
}

function cut(deg: number): number {
  return Math.round(deg * 1e7) / 1e7;
}

/** @returns the id of a ghost that has its curve */
async function makeGhost(
  base: string,
  token: string,
  owner: Client,
  userId: string,
  track: Track,
): Promise<string> {
  const runId = randomUUID();
  const { distanceM, movingTimeS, elapsedTimeS } = summariseTrack(track, []);
  await owner.query(
    `INSERT INTO running.run (id, user_id, source, status, title, visibility, started_at, finished_at, distance_m, moving_time_s,
       elapsed_time_s, has_track, track_version, change_seq)
     VALUES ($1, $2, 'app', 'finished', 'Ghost', 'private', now() - interval '1 day', now() - interval '1 day', $3, $4, $5, true, 1,
       nextval('running.run_change_seq'))`,
    [runId, userId, distanceM, movingTimeS, elapsedTimeS],
  );
  await owner.query(
    'INSERT INTO running.track (run_id, user_id, point_count, codec, points, version) VALUES ($1, $2, $3, $4, $5, 1)',
    [runId, userId, track.length, TRACK_CODEC, encodeTrack(track)],
  );
  const { id } = await ask<{ id: string }>(base, 'POST', '/ghosts', token, { type: 'past_run', runId });
  const untilMs = Date.now() + BUILT_WITHIN_MS;
  for (;;) {
    const { curveState } = await ask<{ curveState: string }>(base, 'GET', `/ghosts/${id}`, token);
    if (curveState === 'ready') return id;
    if (curveState === 'failed' || Date.now() > untilMs)
      throw new Error(`The ghost has no curve: ${curveState}`);
    await sleep(50);
  }
}

/** Each race is a copy of the one of its course, with a run that is being recorded. */
async function copyRaces(
  owner: Client,
  userId: string,
  templates: readonly string[],
  racers: readonly Racer[],
): Promise<void> {
  const values = [
    racers.map(({ raceId }) => raceId),
    racers.map(({ runId }) => runId),
    racers.map(({ course }) => templates[course]!),
  ];
  const copies = 'unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS copy (race_id, run_id, template_id)';
  await owner.query('UPDATE running.race_ghost SET curve_version = 1 WHERE curve_version IS NULL');
  await owner.query(
    `INSERT INTO running.run (id, user_id, source, status, visibility, started_at, change_seq)
     SELECT run_id, $4, 'app', 'recording', 'private', now(), nextval('running.run_change_seq') FROM ${copies}`,
    [...values, userId],
  );
  await owner.query(
    `INSERT INTO running.race (id, user_id, mode, clock, status)
     SELECT copy.race_id, r.user_id, r.mode, r.clock, 'racing' FROM ${copies} JOIN running.race r ON r.id = copy.template_id`,
    values,
  );
  await owner.query(
    `INSERT INTO running.race_ghost (race_id, position, user_id, ghost_id, origin_ghost_id, curve_version, name, type)
     SELECT copy.race_id, g.position, g.user_id, g.ghost_id, g.origin_ghost_id, g.curve_version, g.name, g.type
     FROM ${copies} JOIN running.race_ghost g ON g.race_id = copy.template_id`,
    values,
  );
  await owner.query(
    `INSERT INTO running.race_participant (race_id, user_id, number, run_id, state)
     SELECT race_id, $4, 1, run_id, 'racing' FROM ${copies}`,
    [...values, userId],
  );
  await owner.query('ANALYZE running.run, running.race, running.race_ghost, running.race_participant');
}

async function ask<Answer>(
  base: string,
  method: string,
  path: string,
  token: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${base}${RUNNING}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
