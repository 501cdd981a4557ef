import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { call, get, post } from '../support/api-client.js';
import { readArchive } from '../support/archive.js';
import { type BucketStandIn, startBucket } from '../support/bucket-stand-in.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

let bucket: BucketStandIn;
let database: TestDatabase;
let server: ServerProcess;
let ada: Person;

beforeAll(async () => {
  bucket = await startBucket();
  database = await createTestDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    STORAGE_URL: `s3://guild/files?endpoint=${bucket.url}`,
    AWS_ACCESS_KEY_ID: 'spec',
    AWS_SECRET_ACCESS_KEY: 'spec-secret',
  });
  ada = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await bucket.close();
  await database.drop();
});

async function upload(): Promise<string> {
  const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: '#3366cc' } }).png();
  const stored = await call(server.url, 'POST', '/api/v1/files?purpose=picture', {
    token: ada.accessToken,
    body: await picture.toBuffer(),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(stored.status).toBe(201);
  return (stored.json as { id: string }).id;
}

it('copies files from a slow store while no transaction is open and no erasure waits', async () => {
  const [deleted, kept] = [await upload(), await upload()];
  let open = (): void => undefined;
  bucket.gate = new Promise((resolve) => (open = resolve));
  const asked = await post(server.url, '/api/v1/account/export', undefined, { token: ada.accessToken });
  const { jobId, fileId } = asked.json as { jobId: string; fileId: string };
  await waitUntil('the export reads a file', 20_000, () => bucket.waiting > 0);
  await waitUntil('no transaction is open', 5_000, async () => {
    const idle = await queryRows(
      database.url,
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    return idle.length === 0;
  });
  const bob = await newPerson(server.url);
  const gone = await call(server.url, 'DELETE', '/api/v1/account', { token: bob.accessToken });
  expect(gone.status).toBe(204);
  await waitUntil('another account is erased', 20_000, async () => {
    const accounts = await queryRows(database.url, 'SELECT FROM identity.account WHERE id = $1', [bob.id]);
    return accounts.length === 0;
  });
  expect(bucket.waiting).toBeGreaterThan(0);
  const path = `/api/v1/files/${deleted}`;
  expect((await call(server.url, 'DELETE', path, { token: ada.accessToken })).status).toBe(204);
  open();
  await waitUntil('the export is done', 20_000, async () => {
    const job = await get(server.url, `/api/v1/jobs/${jobId}`, { token: ada.accessToken });
    return job.json.state === 'done';
  });
  const { url } = (await get(server.url, `/api/v1/files/${fileId}`, { token: ada.accessToken })).json as {
    url: string;
  };
  const content = (await fetch(server.url + url)).body;
  const archive = await readArchive(await buffer(Readable.fromWeb(content!)));
  expect([...archive.keys()].filter((name) => name.startsWith('files/'))).toEqual([`files/${kept}.png`]);
}, 60_000);
