import { randomUUID } from 'node:crypto';
import type { Track } from '../../src/running/geo/track.js';
import { encodeTrack, TRACK_CODEC } from '../../src/running/runs/track-codec.js';
import { summariseTrack } from '../../src/running/analysis/track-summary.js';
import { post } from './api-client.js';
import type { LiveClient, SeenFrame } from './live-client.js';
import type { Person } from './people.js';
import { queryRows } from './table-counts.js';
import { waitUntil } from './wait-until.js';

const RUN = '/api/v1/running';

/** A finished run with its track, as it stands in the tables. @returns its id */
export async function plantRun(
  databaseUrl: string,
  userId: string,
  track: Track,
  { source = 'app', title = 'Planted' } = {},
): Promise<string> {
  const id = randomUUID();
  const { distanceM, movingTimeS, elapsedTimeS } = summariseTrack(track, []);
  await queryRows(
    databaseUrl,
    `INSERT INTO running.run (id, user_id, source, status, title, visibility, started_at, finished_at, distance_m, moving_time_s,
       elapsed_time_s, has_track, track_version, change_seq)
     VALUES ($1, $2, $3, 'finished', $4, 'private', now() - interval '1 day', now() - interval '1 day', $5, $6, $7, true, 1,
       nextval('running.run_change_seq'))`,
    [id, userId, source, title, distanceM, movingTimeS, elapsedTimeS],
  );
  await queryRows(
    databaseUrl,
    'INSERT INTO running.track (run_id, user_id, point_count, codec, points, version) VALUES ($1, $2, $3, $4, $5, 1)',
    [id, userId, track.length, TRACK_CODEC, encodeTrack(track)],
  );
  return id;
}

/** A run that is being recorded. @returns its id */
export async function plantRecording(
  databaseUrl: string,
  userId: string,
  startedAtMs: number,
): Promise<string> {
  const id = randomUUID();
  await queryRows(
    databaseUrl,
    `INSERT INTO running.run (id, user_id, source, status, visibility, started_at, change_seq)
     VALUES ($1, $2, 'app', 'recording', 'private', $3, nextval('running.run_change_seq'))`,
    [id, userId, new Date(startedAtMs)],
  );
  return id;
}

/** A ghost of a planted run. @returns its id */
export async function makeGhost(
  base: string,
  databaseUrl: string,
  { id, accessToken: token }: Pick<Person, 'id' | 'accessToken'>,
  track: Track,
  wish: object = {},
): Promise<string> {
  const runId = await plantRun(databaseUrl, id, track);
  const made = await post(base, `${RUN}/ghosts`, { type: 'past_run', runId, ...wish }, { token });
  if (made.status !== 201) throw new Error(`No ghost: ${made.text}`);
  return (made.json as { id: string }).id;
}

/** @returns its id */
export async function makeRace(
  base: string,
  { accessToken: token }: Pick<Person, 'accessToken'>,
  ghostIds: readonly string[],
  wish: object = {},
): Promise<string> {
  const made = await post(base, `${RUN}/races`, { ghostIds, ...wish }, { token });
  if (made.status !== 201) throw new Error(`No race: ${made.text}`);
  return (made.json as { id: string }).id;
}

/** A fix as a device sends it. */
export type SentFix = [seq: number, tMs: number, lat: number, lon: number, acc: number];

/** What a device makes of a track, from 1 on. */
export function fixesOf(track: Track, startedAtMs: number): SentFix[] {
  return Array.from({ length: track.length }, (_, index): SentFix => [
    index + 1,
    startedAtMs + track.tMs[index]!,
    Number(track.latDeg[index]!.toFixed(7)),
    Number(track.lonDeg[index]!.toFixed(7)),
    4,
  ]);
}

/** Sends them in messages of so many. */
export function sendFixes(
  client: LiveClient,
  runId: string,
  fixes: readonly SentFix[],
  perMessage = 25,
): void {
  for (let from = 0; from < fixes.length; from += perMessage)
    client.send('fix', { runId, f: fixes.slice(from, from + perMessage) });
}

/** Resolves once everything up to this number is stored. */
export async function acknowledged(client: LiveClient, runId: string, upTo: number): Promise<SeenFrame> {
  return waitUntil(`fixes up to ${upTo} are acknowledged`, 20_000, () =>
    client.of('ack').findLast(({ data }) => data.runId === runId && data.upTo >= upTo),
  );
}
