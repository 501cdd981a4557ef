import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RACE_FRAMES } from '../../src/running/races/race.frames.js';
import { call, get, post } from '../support/api-client.js';
import { courseTrack } from '../support/courses.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LiveClient } from '../support/live-client.js';
import { newPerson, type Person } from '../support/people.js';
import {
  acknowledged,
  fixesOf,
  makeGhost,
  makeRace,
  plantRecording,
  plantRun,
  sendFixes,
} from '../support/running-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// Races as clients run them: over REST and over the socket, against one server that is all roles at once.

const RACES = '/api/v1/running/races';
const startedAtMs = Date.now() - 3_600_000;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let bob: Person;
let eve: Person;
const clients: LiveClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  [ada, bob, eve] = await Promise.all([newPerson(server.url), newPerson(server.url), newPerson(server.url)]);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

const connect = async (who: Person): Promise<LiveClient> => {
  const client = await LiveClient.open(server.url, RACE_FRAMES, { token: who.accessToken });
  clients.push(client);
  return client;
};
const recording = (who: Person): Promise<string> => plantRecording(database.url, who.id, startedAtMs);
/** From before the start line to behind the finish of a course of two kilometres. */
const walk = (speedMps: number) => fixesOf(courseTrack({ speedMps, fromM: -60, toM: 2_080 }), startedAtMs);
const ghostOf = (who: Person, speedMps: number, wish = {}): Promise<string> =>
  makeGhost(server.url, database.url, who, courseTrack({ speedMps }), wish);
const officialOf = async (who: Person, raceId: string) => {
  const path = `${RACES}/${raceId}/results`;
  return waitUntil('the result is official', 30_000, async () => {
    const { json } = await get(server.url, path, { token: who.accessToken });
    return json.results.length > 0 && json.status === 'finished' ? json : undefined;
  });
};

describe('a race over the socket', () => {
  it('tells the gap with every fix, what is stored, what happens, and how it ended', async () => {
    const [slow, fast] = [await ghostOf(ada, 3), await ghostOf(ada, 3.6)];
    const raceId = await makeRace(server.url, ada, [slow, fast]);
    const runId = await recording(ada);
    const client = await connect(ada);
    expect((await client.ask('race.join', { raceId, runId })).event).toBe('done');
    const [snapshot] = client.of('snapshot');
    expect(snapshot!.data).toMatchObject({
      raceId,
      mode: 'ghosts',
      status: 'racing',
      you: 1,
      run: { runId, upTo: 0, missing: [], gap: null, results: [] },
    });
    expect(snapshot!.data.ghosts.map(({ id }: { id: string }) => id)).toEqual([slow, fast]);

    const fixes = walk(3.3);
    sendFixes(client, runId, fixes);
    await acknowledged(client, runId, fixes.length);
    const gaps = client.of('gap').map(({ data }) => data);
    expect(gaps.length).toBe(Math.ceil(fixes.length / 25));
    expect(client.of('state').map(({ data }) => [data.from, data.to])).toContainEqual(['waiting', 'racing']);
    const last = gaps.filter(({ state }) => state === 'racing').at(-1)!;
    expect(last.prov).toBe(false);
    const [toSlow, toFast] = [slow, fast].map((id) =>
      last.ghosts.find((ghost: { id: string }) => ghost.id === id)!,
    );
    expect(toSlow).toMatchObject({ basis: 'route', stale: false });
    expect(toSlow.s).toBeCloseTo((toSlow.along / 3.3) * (1 - 3.3 / 3), -0.5);
    expect(toFast.s).toBeCloseTo((toFast.along / 3.3) * (1 - 3.3 / 3.6), -0.5);
    expect(client.of('split').filter(({ data }) => data.ghostId === slow)).not.toEqual([]);
    expect(client.of('lead').map(({ data }) => [data.ghostId, data.ahead])).toContainEqual([slow, true]);

    expect((await client.ask('finish', { runId, lastSeq: fixes.length })).event).toBe('done');
    const provisional = client.of('result').filter(({ data }) => !data.official);
    expect(provisional.map(({ data }) => data.ghostId).sort()).toEqual([slow, fast].sort());
    const told = await client.next(
      'the official result',
      ({ event, data }) => event === 'result' && data.official && data.ghostId === slow,
      30_000,
    );
    expect(told.data).toMatchObject({ raceId, runId, status: 'won', v: 1, completion: 1 });
    const { results, standings } = await officialOf(ada, raceId);
    const stored = results.find(({ ghostId }: { ghostId: string }) => ghostId === slow);
    expect(stored.timeDifferenceS).toBe(told.data.gap);
    expect(stored.splits.length).toBeGreaterThanOrEqual(2);
    expect(stored.splits.at(-1).cumulativeDifferenceS).toBeCloseTo(stored.timeDifferenceS, 1);
    expect(stored.timeDifferenceS).toBeCloseTo(2_000 / 3.3 - 2_000 / 3, -0.5);
    expect(standings).toMatchObject([{ place: 1, number: 1, isYou: true, state: 'finished' }]);
    const replay = (await get(server.url, `${RACES}/${raceId}/replay?points=50`, { token: ada.accessToken }))
      .json;
    expect(replay.ghosts.map((one: { gapS: number[] }) => one.gapS.length)).toEqual([50, 50]);
    const history = (await get(server.url, `${RACES}/history?limit=1`, { token: ada.accessToken })).json;
    expect(history.summary).toMatchObject({ wins: 1, losses: 1, abandoned: 0, winRate: 0.5 });
    expect(history.nextCursor).not.toBeNull();
    const rest = await get(server.url, `${RACES}/history?cursor=${history.nextCursor}`, {
      token: ada.accessToken,
    });
    expect(rest.json.items.length).toBe(1);
    const ofRun = await get(server.url, `/api/v1/running/runs/${runId}/results`, { token: ada.accessToken });
    expect(ofRun.json.items).toEqual(results);
  });

  it('goes on after a break where it was, with whatever the device had kept', async () => {
    const ghost = await ghostOf(ada, 3);
    const runId = await recording(ada);
    const fixes = walk(3.3);
    const half = 300;
    const first = await connect(ada);
    await first.ask('race.join', { ghostIds: [ghost], runId, mode: 'elapsed' });
    const raceId = first.of('snapshot')[0]!.data.raceId as string;
    sendFixes(first, runId, fixes.slice(0, half));
    await acknowledged(first, runId, half);
    const before = first.of('gap').at(-1)!.data;
    first.close();
    const second = await connect(ada);
    await second.ask('race.join', { ghostIds: [ghost], runId }); // the same as before is the same race
    const { run, raceId: again } = second.of('snapshot')[0]!.data;
    expect(again).toBe(raceId);
    expect(run.upTo).toBe(half);
    expect({ ...run.gap, runId }).toEqual(before);
    // Out of order, twice, and the rest.
    sendFixes(second, runId, [...fixes.slice(half + 50), ...fixes.slice(half - 20, half + 10)]);
    await waitUntil('a gap is told', 10_000, () =>
      second.of('ack').findLast(({ data }) => data.missing.length > 0 && data.missing[0][0] === half + 11),
    );
    sendFixes(second, runId, fixes.slice(half, half + 60));
    await acknowledged(second, runId, fixes.length);
    const dups = second.of('ack').reduce((sum, { data }) => sum + data.dup, 0);
    expect([dups, second.of('ack').reduce((sum, { data }) => sum + data.conf, 0)]).toEqual([40, 0]);
    await second.ask('finish', { runId, lastSeq: fixes.length });
    const { results } = await officialOf(ada, raceId);
    expect(results[0]).toMatchObject({ status: 'won', completionRatio: 1 });
    expect(results[0].timeDifferenceS).toBeCloseTo(2_000 / 3.3 - 2_000 / 3, -0.5);
  });

  it('counts pauses on its own clock, and stores presses once', async () => {
    const ghost = await ghostOf(ada, 3);
    const runId = await recording(ada);
    const client = await connect(ada);
    await client.ask('race.join', { ghostIds: [ghost], runId, mode: 'moving' });
    const fixes = walk(3.3);
    const at = fixes[199]![1];
    sendFixes(client, runId, fixes.slice(0, 200));
    await client.ask('pause', { runId, seq: 1, at });
    await client.ask('pause', { runId, seq: 1, at });
    await client.ask('lap', { runId, seq: 2, at });
    expect(client.of('state').filter(({ data }) => data.to === 'paused')).toHaveLength(1);
    const pausedMs = 600_000;
    await client.ask('resume', { runId, seq: 3, at: at + pausedMs });
    const later = fixes
      .slice(200)
      .map(([seq, tMs, ...rest]) => [seq, tMs + pausedMs, ...rest] as (typeof fixes)[0]);
    sendFixes(client, runId, later);
    await acknowledged(client, runId, fixes.length);
    const last = client.of('gap').findLast(({ data }) => data.state === 'racing')!.data;
    expect(last.ghosts[0].s).toBeCloseTo((last.ghosts[0].along / 3.3) * (1 - 3.3 / 3), -1);
  });

  it('without a race is a recording like any other', async () => {
    const runId = await recording(ada);
    const client = await connect(ada);
    sendFixes(client, runId, walk(3).slice(0, 40));
    await acknowledged(client, runId, 40);
    expect(client.of('gap')).toEqual([]);
    expect((await client.ask('finish', { runId })).event).toBe('done');
    expect((await client.ask('pong' in client ? 'ping' : 'ping', { c: 5 })).data.c).toBe(5);
    const planned = await plantRun(database.url, ada.id, courseTrack({ speedMps: 3 }), {
      source: 'imported',
    });
    const refused = await client.ask('fix', { runId: planned, f: [[1, startedAtMs, 48, 16]] });
    expect(refused.data.code).toBe('running/not-recorded');
  });
});

describe('a group race', () => {
  it('tells each runner of the others, and whoever holds the invitation where all are', async () => {
    const course = await ghostOf(ada, 3);
    const raceId = await makeRace(server.url, ada, [course], { mode: 'group', runnerName: 'Ada' });
    const invite = await post(server.url, `${RACES}/${raceId}/invite`, {}, { token: ada.accessToken });
    const { token } = invite.json as { token: string };
    const seen = await get(server.url, `${RACES}/invited/${token}`, { token: bob.accessToken });
    expect(seen.json).toMatchObject({ id: raceId, participantCount: 1, status: 'planned' });
    const entered = await post(
      server.url,
      `${RACES}/invited/${token}/join`,
      { runnerName: 'Bob' },
      { token: bob.accessToken },
    );
    expect(entered.json.participants).toMatchObject([
      { number: 1, name: 'Ada', isYou: false },
      { number: 2, name: 'Bob', isYou: true },
    ]);
    const [hers, his] = [await recording(ada), await recording(bob)];
    const [one, two, watcher] = [await connect(ada), await connect(bob), await connect(eve)];
    expect((await watcher.ask('watch', { raceId })).data.code).toBe('running/unknown-race');
    expect((await watcher.ask('watch', { raceId, token })).event).toBe('done');
    expect(watcher.of('snapshot')[0]!.data).toMatchObject({ raceId, you: null, run: null });
    await one.ask('race.join', { raceId, runId: hers });
    await two.ask('race.join', { raceId, runId: his });
    const [slow, fast] = [walk(3.1), walk(3.4)];
    for (let from = 0; from < 300; from += 30) {
      sendFixes(one, hers, slow.slice(from, from + 30), 30);
      sendFixes(two, his, fast.slice(from, from + 30), 30);
      await acknowledged(one, hers, from + 30);
      await acknowledged(two, his, from + 30);
    }
    const rivalOf = (client: LiveClient, who: number) =>
      waitUntil(`the rival ${who} is told`, 10_000, () =>
        client
          .of('gap')
          .findLast(({ data }) => data.rivals.some((rival: { who: number }) => rival.who === who)),
      );
    const behind = (await rivalOf(one, 2)).data.rivals[0];
    expect(behind.s).toBeGreaterThan(5);
    expect(behind.m).toBeGreaterThan(15);
    expect(behind.s).toBeCloseTo(behind.m / 3.4, 0); // both of one moment, at the pace of the one ahead
    const ahead = (await rivalOf(two, 1)).data.rivals[0];
    expect([ahead.s < -5, ahead.m < -15, ahead.stale]).toEqual([true, true, false]);
    const positions = watcher.of('pos').map(({ data }) => data.who);
    expect(new Set(positions)).toEqual(new Set([1, 2]));
    expect(watcher.of('gap')).toEqual([]); // what is a runner's own is told to nobody else
    await watcher.ask('unwatch', { raceId });
    const count = watcher.of('pos').length;
    for (const [client, runId, fixes] of [
      [one, hers, slow],
      [two, his, fast],
    ] as const) {
      sendFixes(client, runId, fixes.slice(300), 100);
      await acknowledged(client, runId, fixes.length);
      await client.ask('finish', { runId, lastSeq: fixes.length });
    }
    const { standings } = await officialOf(ada, raceId);
    expect(standings.map(({ place, name }: { place: number; name: string }) => [place, name])).toEqual([
      [1, 'Bob'],
      [2, 'Ada'],
    ]);
    expect(watcher.of('pos').length).toBe(count);
    const replay = await get(server.url, `${RACES}/${raceId}/replay`, { token: ada.accessToken });
    expect(replay.json.rivals).toMatchObject([{ number: 2, name: 'Bob' }]);
  });
});

describe('somebody else', () => {
  it('gets nowhere with a run or a race that is not theirs, by any frame', async () => {
    const ghost = await ghostOf(ada, 3);
    const raceId = await makeRace(server.url, ada, [ghost]);
    const runId = await recording(ada);
    const own = await recording(eve);
    const client = await connect(eve);
    const at = startedAtMs;
    const tries: [event: string, data: object, code: string][] = [
      ['race.join', { raceId, runId: own }, 'running/unknown-race'],
      ['race.join', { ghostIds: [ghost], runId: own }, 'running/unknown-ghost'],
      ['race.join', { raceId, runId }, 'running/unknown-race'],
      ['fix', { runId, f: [[1, at, 48, 16]] }, 'running/unknown-run'],
      ['pause', { runId, seq: 1, at }, 'running/unknown-run'],
      ['resume', { runId, seq: 1, at }, 'running/unknown-run'],
      ['lap', { runId, seq: 1, at }, 'running/unknown-run'],
      ['finish', { runId, lastSeq: 0 }, 'running/unknown-run'],
      ['watch', { raceId }, 'running/unknown-race'],
      ['watch', { raceId, token: 'x'.repeat(43) }, 'running/unknown-race'],
    ];
    expect(new Set(tries.map(([event]) => event)).size).toBe(RACE_FRAMES.receives.length - 1); // `unwatch` names nothing
    for (const [event, data, code] of tries) {
      const missing = JSON.parse(
        JSON.stringify(data)
          .replaceAll(raceId, randomUUID())
          .replaceAll(runId, randomUUID())
          .replaceAll(ghost, randomUUID()),
      ) as object;
      const [theirs, nobodys] = [await client.ask(event, data), await client.ask(event, missing)];
      expect({ event, code: theirs.data.code }).toEqual({ event, code });
      expect(theirs.data).toEqual(nobodys.data);
    }
    expect((await client.ask('unwatch', { raceId })).event).toBe('done');
    expect(client.frames.filter(({ event }) => !['welcome', 'error', 'done'].includes(event))).toEqual([]);
    const stored = await get(server.url, `${RACES}/${raceId}`, { token: ada.accessToken });
    expect(stored.json).toMatchObject({ status: 'planned', runId: null });
  });

  it('is told what is wrong with a frame, and stays', async () => {
    const client = await connect(ada);
    const runId = await recording(ada);
    const wrong: [event: string, data: unknown][] = [
      ['race.join', { runId }],
      ['race.join', { runId, raceId: randomUUID(), ghostIds: [randomUUID()] }],
      ['fix', { runId, f: [] }],
      ['fix', { runId, f: [[0, startedAtMs, 48, 16]] }],
      ['fix', { runId, f: [[1, startedAtMs, 91, 16]] }],
      ['fix', { runId, f: [[1, startedAtMs, 48, null]] }],
      ['fix', { runId: 'none', f: [[1, startedAtMs, 48, 16]] }],
      ['fix', { runId, f: [[1, startedAtMs, 48, 16]], more: 1 }],
      ['finish', { runId, lastSeq: -1 }],
    ];
    for (const [event, data] of wrong) {
      const answer = await client.ask(event, data);
      expect({ event, data, status: answer.data.status }).toEqual({ event, data, status: 400 });
    }
    expect((await client.ask('fix', { runId, f: [[1, startedAtMs, 48, 16]] })).event).toBe('done');
  });
});

describe('a race over REST', () => {
  it('is made, changed by who has seen it last, listed in pages, and run with a run that is over', async () => {
    const token = bob.accessToken;
    const ghost = await ghostOf(bob, 3);
    const key = { 'idempotency-key': randomUUID() };
    const wish = {
      ghostIds: [ghost],
      name: 'First',
      plannedAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const made = await post(server.url, RACES, wish, { token, headers: key });
    expect(made.status).toBe(201);
    const again = await post(server.url, RACES, wish, { token, headers: key });
    expect([again.json.id, again.headers.get('idempotency-replayed')]).toEqual([made.json.id, 'true']);
    const path = `${RACES}/${made.json.id}`;
    const found = await get(server.url, path, { token });
    const etag = found.headers.get('etag')!;
    const change = (ifMatch: string) =>
      call(server.url, 'PATCH', path, { token, headers: { 'if-match': ifMatch }, body: { name: 'Second' } });
    expect((await change(etag)).json.name).toBe('Second');
    expect((await change(etag)).json.code).toBe('running/stale');
    expect((await change('what')).json.code).toBe('running/invalid-if-match');
    await makeRace(server.url, bob, [ghost]);
    const page = await get(server.url, `${RACES}?limit=1`, { token });
    const next = await get(server.url, `${RACES}?limit=1&cursor=${page.json.nextCursor}`, { token });
    expect(page.json.items[0].id).not.toBe(next.json.items[0].id);
    const strange = Buffer.from('["no-uuid"]').toString('base64url');
    expect((await get(server.url, `${RACES}?cursor=${strange}`, { token })).json.code).toBe('http/malformed');

    const runId = await plantRun(
      database.url,
      bob.id,
      courseTrack({ speedMps: 3.2, fromM: -60, toM: 2_080 }),
    );
    const joined = await post(server.url, `${path}/join`, { runId }, { token });
    expect([joined.status, joined.json.runId]).toEqual([200, runId]);
    const { results } = await officialOf(bob, made.json.id);
    expect(results[0]).toMatchObject({ status: 'won', ghostId: ghost });
    expect((await post(server.url, `${path}/invite`, {}, { token })).json.code).toBe('running/not-invitable');
    expect((await post(server.url, `${path}/leave`, undefined, { token })).status).toBe(204);
    expect((await call(server.url, 'DELETE', path, { token })).status).toBe(204);
    expect((await get(server.url, path, { token })).json.code).toBe('running/unknown-race');
  });

  it('may be against the best sections of own runs', async () => {
    const token = bob.accessToken;
    const runIds: string[] = [];
    for (const isFastFirst of [true, false]) {
      const speedAt = (alongM: number): number => (alongM < 1_000 === isFastFirst ? 1.2 : 1);
      runIds.push(await plantRun(database.url, bob.id, courseTrack({ speedMps: 3, speedAt })));
    }
    const compose = `/api/v1/running/ghosts/compose`;
    const made = await post(server.url, compose, { runIds, name: 'Best of both' }, { token });
    expect([made.status, made.json.type, made.json.curveState]).toEqual([201, 'composite', 'ready']);
    expect(made.json.durationS).toBeCloseTo(2_000 / 3.6, -1);
    for (const body of [{ runIds: [runIds[0], runIds[0]] }, { runIds, sectionM: 99 }, { runIds, more: 1 }])
      expect((await post(server.url, compose, body, { token })).status).toBe(400);
    const strange = await post(server.url, compose, { runIds }, { token: eve.accessToken });
    expect(strange.json.code).toBe('running/invalid-ghost');
    const raceId = await makeRace(server.url, bob, [made.json.id as string]);
    const run = courseTrack({ speedMps: 3.3, fromM: -60, toM: 2_080 });
    const runId = await plantRun(database.url, bob.id, run);
    await post(server.url, `${RACES}/${raceId}/join`, { runId }, { token });
    const { results } = await officialOf(bob, raceId);
    expect(results[0]).toMatchObject({ status: 'lost', ghostId: made.json.id });
    expect(results[0].timeDifferenceS).toBeCloseTo(2_000 / 3.3 - 2_000 / 3.6, -1);
  });
});
