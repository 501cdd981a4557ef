import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_FIXES, MOST_SEQ } from '../../src/running/recordings/fix.js';
import { MOST_EVENTS } from '../../src/running/recordings/recordings.service.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// A run is recorded: fixes, presses, the finish, and the track that a job makes of them. Ways on which they may come: running-ways.spec.ts.

const RUNS = '/api/v1/running/runs';
const AT = Date.UTC(2026, 2, 1, 8);

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
const fix = (seq: number): number[] => [seq, AT + seq * 1_000, 48, 11 + seq * 4.03e-5, 4, 520, 3, 90, 140];
const fixes = (from: number, to: number): number[][] =>
  Array.from({ length: to - from + 1 }, (_v, index) => fix(from + index));

async function begin(): Promise<string> {
  const { json } = await write('POST', RUNS, { startedAt: new Date(AT).toISOString() });
  return `${RUNS}/${json.id as string}`;
}

const settled = (path: string, wanted: object): Promise<unknown> =>
  waitUntil('the track is made', 20_000, async () => {
    const { json } = await read(path);
    return Object.entries(wanted).every(([name, value]) => json[name] === value);
  });

describe('a recording', () => {
  it('takes fixes as they come, says what is missing, and becomes a run with a track', async () => {
    const path = await begin();
    const put = async (list: number[][]): Promise<Answer> => write('PUT', `${path}/fixes`, { fixes: list });
    expect((await put(fixes(11, 60).reverse())).json).toMatchObject({ upTo: 0, missing: [[1, 10]], duplicates: 0, conflicts: 0 }); // prettier-ignore
    expect((await put(fixes(1, 20))).json).toMatchObject({ upTo: 60, missing: [], duplicates: 10 });
    expect((await put([[...fix(7).slice(0, 8), 199]])).json).toMatchObject({ duplicates: 1, conflicts: 1 });
    const press = { kind: 'lap', seq: 1, at: new Date(AT + 30_000).toISOString() };
    expect((await write('POST', `${path}/events`, press)).json).toEqual({ kind: 'lap', seq: 1, isNew: true });
    expect((await write('POST', `${path}/events`, press)).json).toMatchObject({ isNew: false });
    const finish = { lastSeq: 120, finishedAt: new Date(AT + 120_000).toISOString() };
    expect((await write('POST', `${path}/finish`, finish)).json).toMatchObject({ status: 'finished' });
    expect((await write('POST', `${path}/finish`, finish)).json).toMatchObject({ status: 'finished' });
    await settled(path, { hasTrack: true, trackVersion: 1 });
    expect((await read(path)).json.distanceM).toBeCloseTo(177, 0);
    expect((await put(fixes(101, 120))).json).toMatchObject({ upTo: 60, missing: [[61, 100]] });
    expect((await put(fixes(55, 100))).json).toMatchObject({
      upTo: 120,
      missing: [],
      duplicates: 6,
      conflicts: 0,
    });
    await waitUntil('all of it is folded', 20_000, async () => {
      const { json } = await read(`${path}/streams`);
      return json.originalCount === 120;
    });
    expect((await read(path)).json.distanceM).toBeCloseTo(357, 0);
    expect((await read(`${path}/laps`)).json.items).toMatchObject([{ endS: 30 }, { endS: 120 }]);
    expect(await queryRows(database.url, 'SELECT FROM running.fix')).toEqual([]);
  });

  it('is said to be suspended after half an hour of silence, and goes on', async () => {
    const path = await begin();
    const id = path.split('/').at(-1);
    await write('PUT', `${path}/fixes`, { fixes: fixes(1, 2) });
    const silent = `- interval '31 minutes'`;
    await queryRows(database.url, `UPDATE running.run SET created_at = now() ${silent} WHERE id = $1`, [id]);
    expect((await read(path)).json.status).toBe('recording');
    await queryRows(database.url, `UPDATE running.fix SET received_at = now() ${silent} WHERE run_id = $1`, [
      id,
    ]);
    expect((await read(path)).json.status).toBe('suspended');
    await write('PUT', `${path}/fixes`, { fixes: fixes(3, 3) });
    expect((await read(path)).json.status).toBe('recording');
  });

  it('refuses what it cannot read as a whole, and says what', async () => {
    const path = `${await begin()}/fixes`;
    const refused = await write('PUT', path, { fixes: [fix(1), [2, AT, 91, 0], fix(3), [0, AT, 1, 1]] });
    expectProblem(refused, 422, 'running/invalid-fixes');
    expect(refused.json.errors).toMatchObject([{ pointer: '/fixes/1' }, { pointer: '/fixes/3' }]);
    for (const body of [
      {},
      [],
      { fixes: [] },
      { fixes: 'x' },
      { fixes: [fix(1)], more: 1 },
      { fixes: [fix(MOST_SEQ + 1)] },
    ])
      // prettier-ignore
      expectProblem(await write('PUT', path, body), 422, 'running/invalid-fixes');
    const many = Array.from({ length: MOST_FIXES + 1 }, () => [1, AT, 0, 0]);
    expectProblem(await write('PUT', path, { fixes: many }), 422, 'running/invalid-fixes');
    expect((await write('PUT', path, { fixes: [fix(2)] })).json).toMatchObject({
      upTo: 0,
      missing: [[1, 1]],
    });
  });

  it('takes no more presses than a day has minutes, and some', async () => {
    const path = await begin();
    await queryRows(
      database.url,
      `INSERT INTO running.run_event (run_id, kind, seq, user_id, at_ms) SELECT $1, 'lap', n, $2, $3 FROM generate_series(1, $4) n`,
      [path.split('/').at(-1), ada.id, AT, MOST_EVENTS],
    );
    const press = { kind: 'pause', seq: 1, at: new Date(AT).toISOString() };
    expectProblem(await write('POST', `${path}/events`, press), 409, 'running/too-many-events');
    for (const wrong of [{ kind: 'jump' }, { seq: 0 }, { at: 'now' }])
      expectProblem(await write('POST', `${path}/events`, { ...press, ...wrong }), 400, 'http/malformed');
    for (const wrong of [
      { lastSeq: -1 },
      { finishedAt: '2026-03-01T08:00:00' },
      { finishedAt: '2026-W10-1T08:00:00Z' },
    ])
      expectProblem(await write('POST', `${path}/finish`, wrong), 400, 'http/malformed');
  });

  it.each(['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])(
    'ends with its last fix where the device says %s, when it cannot have ended',
    async (finishedAt) => {
      const path = await begin();
      await write('PUT', `${path}/fixes`, { fixes: fixes(1, 60) });
      expect((await write('POST', `${path}/finish`, { finishedAt })).json).toMatchObject({ status: 'finished', finishedAt: null }); // prettier-ignore
      await settled(path, { hasTrack: true });
      expect((await read(path)).json.finishedAt).toBe(new Date(AT + 60_000).toISOString());
    },
  );

  it('is none of a run that came in a file', async () => {
    const id = await withRunningWorld(database.url, (world) =>
      world.aRun(ada.id, { source: 'imported', externalId: 'f' }),
    );
    const press = { kind: 'lap', seq: 1, at: new Date(AT).toISOString() };
    expectProblem(
      await write('PUT', `${RUNS}/${id}/fixes`, { fixes: [fix(1)] }),
      409,
      'running/not-recorded',
    );
    expectProblem(await write('POST', `${RUNS}/${id}/events`, press), 409, 'running/not-recorded');
    expectProblem(await write('POST', `${RUNS}/${id}/finish`, {}), 409, 'running/not-recorded');
  });
});
