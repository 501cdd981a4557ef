import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, get, post } from '../support/api-client.js';
import { courseTrack } from '../support/courses.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import { newPerson, type Person } from '../support/people.js';
import { RacePhone } from '../support/race-phone.js';
import { fixesOf, makeGhost, makeRace, plantRecording } from '../support/running-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// A race goes on whatever becomes of the server: what was acknowledged is stored, the clients come back and send the rest, and how it ended
// is what it would have been.

const RACES = '/api/v1/running/races';
const COURSE_M = 1_000;
const SPEEDS_MPS = [3.3, 2.9, 3.7];
const startedAtMs = Date.now() - 3_600_000;

let database: TestDatabase;
let proxy: FlakyProxy;
let server: ServerProcess;
let runners: Person[];
const entered: RacePhone[] = [];

const start = async (): Promise<void> => {
  const env = { DATABASE_URL: proxy.urlOf(database.url), TRUST_PROXY: '1' };
  server = await startServerProcess({ ...env, JOBS_LOCK_S: '3' }); // a job of a killed process is taken over after so long
};
const ghostOf = (who: Person, speedMps: number): Promise<string> =>
  makeGhost(server.url, database.url, who, courseTrack({ speedMps, toM: COURSE_M }));

/** Everybody in one group race against the same ghosts, each with a run of their own that always has the same fixes. */
async function enter(ghostIds: readonly string[]): Promise<RacePhone[]> {
  const [first, ...others] = runners;
  const raceId = await makeRace(server.url, first!, ghostIds, { mode: 'group', runnerName: 'Runner 0' });
  const invite = await post(server.url, `${RACES}/${raceId}/invite`, {}, { token: first!.accessToken });
  for (const [index, { accessToken: token }] of others.entries()) {
    const path = `${RACES}/invited/${invite.json.token as string}/join`;
    const { status, text } = await post(server.url, path, { runnerName: `Runner ${index + 1}` }, { token });
    if (status >= 300) throw new Error(text);
  }
  const phones = await Promise.all(
    runners.map(async (who, index) => {
      const speedAt = (alongM: number): number => 1 + 0.1 * Math.sin(alongM / 90 + index);
      const walk = { speedMps: SPEEDS_MPS[index]!, speedAt, fromM: -40, toM: COURSE_M + 60 };
      const runId = await plantRecording(database.url, who.id, startedAtMs);
      return new RacePhone(who, raceId, runId, fixesOf(courseTrack(walk), startedAtMs));
    }),
  );
  entered.push(...phones);
  return phones;
}

const connectAll = (phones: readonly RacePhone[]) =>
  Promise.all(phones.map((phone) => phone.connect(server.url)));
const runAll = (phones: readonly RacePhone[], perMessage: number, share = 1) =>
  Promise.all(phones.map((phone) => phone.run(perMessage, Math.ceil(phone.fixes.length * share))));
const finishAll = (phones: readonly RacePhone[]) => Promise.all(phones.map((phone) => phone.finish()));

/** How it ended for each runner, without what differs from race to race: ids, and when it was judged. */
async function official(phones: readonly RacePhone[]): Promise<object[]> {
  return Promise.all(
    phones.map(async ({ who, raceId }) => {
      const { results, standings } = await waitUntil('all are judged', 25_000, async () => {
        const { json }: Answer = await get(server.url, `${RACES}/${raceId}/results`, {
          token: who.accessToken,
        });
        return json.status === 'finished' && json.results.length > 0 ? json : undefined;
      });
      const own = results.map((result: Record<string, unknown>) => {
        const { id: _id, raceId: _raceId, runId: _runId, settledAt: _settledAt, ...rest } = result;
        return rest;
      });
      return { results: own, standings };
    }),
  );
}

/** Numbers and places of a run as they are stored, folded or not. */
async function expectNothingLost({ runId, acknowledged, fixes }: RacePhone): Promise<void> {
  const rows = await queryRows<{ seq: number; lat: number | null }>(
    database.url,
    `SELECT seq, lat_deg AS lat FROM running.fix WHERE run_id = $1
     UNION SELECT generate_series(lower(range), upper(range) - 1), NULL FROM running.folded_fixes f, unnest(f.seqs) AS range
     WHERE f.run_id = $1`,
    [runId],
  );
  const stored = new Map(rows.map(({ seq, lat }) => [seq, lat]));
  const lost = fixes.slice(0, acknowledged).filter(([seq, , lat]) => (stored.get(seq) ?? lat) !== lat);
  const missing = fixes.slice(0, acknowledged).filter(([seq]) => !stored.has(seq));
  expect({ lost, missing }).toEqual({ lost: [], missing: [] });
}

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await FlakyProxy.before(database.url);
  await start();
  runners = await Promise.all(SPEEDS_MPS.map(() => newPerson(server.url)));
});

afterEach(() => {
  for (const phone of entered.splice(0)) phone.close();
});

afterAll(async () => {
  await server.stop();
  await proxy.close();
  await database.drop();
});

describe('a Guildhall that is killed in the middle of a race', () => {
  it('has lost nothing that it acknowledged, and the race ends as it would have', async () => {
    const ghosts = [await ghostOf(runners[0]!, 3.1), await ghostOf(runners[0]!, 3.4)];
    const calm = await enter(ghosts);
    await connectAll(calm);
    await runAll(calm, 25);
    await finishAll(calm);
    const wanted = await official(calm);

    const phones = await enter(ghosts);
    let unacknowledged = 0;
    await connectAll(phones);
    for (const share of [0.3, 0.7]) {
      const running = runAll(phones, 5);
      await waitUntil('they are so far', 20_000, () =>
        phones.every(({ acknowledged, fixes }) => acknowledged >= share * fixes.length),
      );
      server.kill('SIGKILL');
      expect(await server.exited).toBe('SIGKILL');
      await running;
      unacknowledged += phones.reduce((sum, { sent, acknowledged }) => sum + sent - acknowledged, 0);
      for (const phone of phones) await expectNothingLost(phone);
      await start();
      const before = phones.map(({ acknowledged }) => acknowledged);
      const resumed = await connectAll(phones);
      for (const [index, { upTo, gap }] of resumed.entries()) {
        expect(upTo).toBeGreaterThanOrEqual(before[index]!);
        expect(gap.seq).toBe(upTo); // the race is where the fixes are
      }
    }
    expect(unacknowledged).toBeGreaterThan(0); // or it was not in the middle of anything
    await runAll(phones, 5);
    expect(phones.map(({ acknowledged }) => acknowledged)).toEqual(phones.map(({ fixes }) => fixes.length));
    expect(phones.map((phone) => phone.last('gap').ghosts)).toEqual(
      calm.map((phone) => phone.last('gap').ghosts),
    );
    await finishAll(phones);
    server.kill('SIGKILL'); // before, while or after it is judged
    await server.exited;
    await start();
    expect(await official(phones)).toEqual(wanted);
    for (const phone of phones) await expectNothingLost(phone);
    const conflicts = phones.flatMap(({ frames }) => frames.filter(({ data }) => (data?.conf ?? 0) > 0));
    expect(conflicts.filter(({ event }) => event === 'ack')).toEqual([]);
  }, 60_000);
});

describe('a Guildhall that is asked to end in the middle of a race', () => {
  it('stores and acknowledges what was sent before its goodbye', async () => {
    const phones = await enter([await ghostOf(runners[0]!, 3.1)]);
    await connectAll(phones);
    await runAll(phones, 25, 0.1);
    await proxy.become('holding'); // nothing can be stored until the goodbye was said
    const sent = Promise.all(phones.map((phone) => phone.run(5, 60)));
    await waitUntil('they are taken', 10_000, () => phones.every((phone) => phone.last('gap').seq === 60));
    server.kill('SIGTERM');
    await waitUntil('it says goodbye', 10_000, () =>
      phones.every((phone) => phone.last('bye') !== undefined),
    );
    expect(phones.map(({ acknowledged }) => acknowledged)).not.toContain(60);
    await proxy.become('passing');
    await sent;
    expect(phones.map(({ acknowledged }) => acknowledged)).toEqual(phones.map(() => 60));
    expect(await server.exited).toBe(0);
    for (const phone of phones) await expectNothingLost(phone);
  }, 60_000);
});
