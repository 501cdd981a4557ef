import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { aGpxFile, aZipOf } from '../support/run-files.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// Files of runs over HTTP: in by POST, worked through by a job, out again by export.

const IMPORTS = '/api/v1/running/imports';
const START_MS = Date.UTC(2024, 4, 1, 6);

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const send = (token: string, body: Buffer, type = 'application/octet-stream') =>
  call(server.url, 'POST', IMPORTS, { token, body, headers: { 'content-type': type } });

interface Item {
  name: string | null;
  outcome: string;
  code: string | null;
  runId: string | null;
}

/** Sends a file and waits for its end. */
async function take(
  token: string,
  body: Buffer,
  type?: string,
): Promise<{ end: Record<string, unknown>; items: Item[] }> {
  const sent = await send(token, body, type);
  expect(sent.status).toBe(202);
  const path = `${IMPORTS}/${(sent.json as { id: string }).id}`;
  const end = async () => (await get(server.url, path, { token })).json as Record<string, unknown>;
  await waitUntil('the import has finished', 20_000, async () => (await end())['state'] === 'finished');
  const { items } = (await get(server.url, `${path}/items?limit=200`, { token })).json as { items: Item[] };
  return { end: await end(), items };
}

describe('files of runs', () => {
  it('come in, and go out again as the same run in every format', async () => {
    const { accessToken: token } = await newPerson(server.url);
    const { items } = await take(token, aGpxFile(START_MS, 120), 'application/gpx+xml');
    expect(items).toEqual([expect.objectContaining({ outcome: 'imported', name: null })]);
    const runPath = `/api/v1/running/runs/${items[0]!.runId}/export`;
    for (const [format, type] of [
      ['gpx', 'application/gpx+xml'],
      ['tcx', 'application/vnd.garmin.tcx+xml'],
      ['fit', 'application/vnd.ant.fit'],
    ]) {
      const answer = await fetch(`${server.url}${runPath}?format=${format}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
      expect(answer.headers.get('content-disposition')).toBe(
        `attachment; filename="run-2024-05-01.${format}"`,
      );
      const again = await take(
        (await newPerson(server.url)).accessToken,
        Buffer.from(await answer.arrayBuffer()),
      );
      expect(again.items).toEqual([expect.objectContaining({ outcome: 'imported' })]);
      // The one who has the run is told that it is there.
      const bytes = Buffer.from(
        await (
          await fetch(`${server.url}${runPath}?format=${format}`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).arrayBuffer(),
      );
      expect((await take(token, bytes)).items[0]).toMatchObject({
        outcome: 'duplicate',
        code: 'same-run',
        runId: items[0]!.runId,
      });
    }
    expectProblem(await get(server.url, `${runPath}?format=kml`, { token }), 400, 'http/malformed');
    const { accessToken: eve } = await newPerson(server.url);
    expectProblem(await get(server.url, `${runPath}?format=gpx`, { token: eve }), 404, 'running/unknown-run');
  });

  it('come in many at once, with a report for each', async () => {
    const { accessToken: token } = await newPerson(server.url);
    const zip = await aZipOf({
      'a.gpx': aGpxFile(START_MS),
      'b.gpx.gz': gzipSync(aGpxFile(START_MS + 7_200_000)),
      'notes.txt': Buffer.from('not a run'),
      '../evil.gpx': aGpxFile(START_MS + 14_400_000),
    });
    const { end, items } = await take(token, zip, 'application/zip');
    expect(items.map(({ name, outcome, code }) => [name, outcome, code])).toEqual([
      ['a.gpx', 'imported', null],
      ['b.gpx.gz', 'imported', null],
      ['notes.txt', 'refused', 'unknown-format'],
      ['../evil.gpx', 'refused', 'unsafe-name'],
    ]);
    expect(end).toMatchObject({
      kind: 'archive',
      fileCount: 4,
      doneCount: 4,
      importedCount: 2,
      refusedCount: 2,
    });
    const job = await get(server.url, `/api/v1/jobs/${end['jobId'] as string}`, { token });
    expect(job.json).toMatchObject({ state: 'done', progress: { done: 4, total: 4 } });
    const list = await get(server.url, `${IMPORTS}?limit=1`, { token });
    expect((list.json as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual([end['id']]);
    expect((await call(server.url, 'DELETE', `${IMPORTS}/${end['id'] as string}`, { token })).status).toBe(
      204,
    );
    expectProblem(
      await get(server.url, `${IMPORTS}/${end['id'] as string}`, { token }),
      404,
      'running/unknown-import',
    );
    // Its runs stay.
    expect(
      (await get(server.url, `/api/v1/running/runs/${items[0]!.runId}/export?format=tcx`, { token })).status,
    ).toBe(200);
  });

  it('are refused at the door where they are none', async () => {
    const { accessToken: token } = await newPerson(server.url);
    expectProblem(await send(token, Buffer.from('hello')), 415, 'operations/file-type-refused');
    expectProblem(await send(token, Buffer.alloc(0)), 422, 'operations/file-unreadable');
    expectProblem(
      await send(token, Buffer.from('{}'), 'application/json'),
      415,
      'operations/file-not-sent-as-bytes',
    );
    expectProblem(await send(token, aGpxFile(START_MS), 'video/mp4'), 415, 'http/unsupported-media-type');
  });

  it('tell at export what a format cannot hold', async () => {
    const { id, accessToken: token } = await newPerson(server.url);
    const points = [0, 1, 2].map(
      (second) =>
        `<Trackpoint><Time>${new Date(START_MS + second * 1_000).toISOString()}</Time><DistanceMeters>${second * 3}</DistanceMeters></Trackpoint>`,
    );
    const tcx = `<TrainingCenterDatabase><Activities><Activity Sport="Running"><Lap StartTime="2024-05-01T06:00:00Z"><Track>${points.join('')}</Track></Lap></Activity></Activities></TrainingCenterDatabase>`;
    const { items } = await take(token, Buffer.from(tcx));
    const path = `/api/v1/running/runs/${items[0]!.runId}/export`;
    expectProblem(await get(server.url, `${path}?format=gpx`, { token }), 409, 'running/export-needs-places');
    expect((await get(server.url, `${path}?format=tcx`, { token })).status).toBe(200);
    await queryRows(database.url, 'DELETE FROM running.track WHERE user_id = $1', [id]);
    expectProblem(await get(server.url, `${path}?format=tcx`, { token }), 409, 'running/export-needs-track');
  });

  it('go on after a cancelled job where it was', async () => {
    const { accessToken: token } = await newPerson(server.url);
    const files = Array.from(
      { length: 60 },
      (_, at) => [`${at}.gpx`, aGpxFile(START_MS + at * 3_600_000, 600)] as const,
    );
    const sent = (await send(token, await aZipOf(Object.fromEntries(files)))).json as {
      id: string;
      jobId: string;
    };
    await post(server.url, `/api/v1/jobs/${sent.jobId}/cancel`, undefined, { token });
    const path = `${IMPORTS}/${sent.id}`;
    const state = async () => ((await get(server.url, path, { token })).json as { state: string }).state;
    await waitUntil('the job has ended', 20_000, async () => (await state()) !== 'running');
    if ((await state()) === 'stopped')
      expect((await post(server.url, `${path}/start`, undefined, { token })).status).toBe(202);
    await waitUntil('the import has finished', 30_000, async () => (await state()) === 'finished');
    expect((await get(server.url, path, { token })).json).toMatchObject({
      doneCount: 60,
      importedCount: 60,
      duplicateCount: 0,
    });
  });
});
