import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { type Answer, call, get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { dataFolderOf, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const FILES = '/api/v1/files';
const UPLOAD = `${FILES}?purpose=picture`;
const QUOTA_BYTES = 1_048_576;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, STORAGE_QUOTA_MB: '1' });
  ada = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const dataDir = (): string => dataFolderOf({ DATABASE_URL: database.url }).DATA_DIR!;
const send = (who: Person, body: unknown, type = 'application/octet-stream', path = UPLOAD) =>
  call(server.url, 'POST', path, { token: who.accessToken, body, headers: { 'content-type': type } });

/** Pixels that no compression makes smaller: about three bytes each. */
function noise(side: number): Promise<Buffer> {
  const pixels = Buffer.from(
    Array.from(
      { length: Math.ceil((side * side * 3) / 32) },
      (_none, index) => createHash('sha256').update(`${side} ${index}`).digest(), // the same in every run
    ).flatMap((digest) => [...digest]),
  ).subarray(0, side * side * 3);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

/** Everything that lies in the store or is on its way into it. */
function filesOnDisk(): string[] {
  const root = join(dataDir(), 'files');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
const filesInRows = async (): Promise<string[]> =>
  (await queryRows<{ id: string }>(database.url, 'SELECT id FROM platform.stored_file ORDER BY 1')).map(
    ({ id }) => id,
  );

describe('a picture', () => {
  it('is stored without where it was taken, shown, read by its link, and deleted', async () => {
    const taken = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#3366cc' } })
      .withExif({
        IFD0: { Copyright: 'canary-copyright', Make: 'canary-camera' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
      })
      .jpeg()
      .toBuffer();
    expect(taken.includes('canary-camera')).toBe(true);
    expect((await sharp(taken).metadata()).exif!.includes('canary-copyright')).toBe(true);
    const stored = await send(ada, taken, 'image/png'); // what the client calls it does not count
    expect(stored.status).toBe(201);
    expect(stored.json).toMatchObject({ purpose: 'picture', mediaType: 'image/jpeg', expiresAt: null });
    const { id, url, sha256, sizeBytes } = stored.json;
    const content = await fetch(server.url + url);
    const bytes = Buffer.from(await content.arrayBuffer());
    expect(content.status).toBe(200);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(bytes).toHaveLength(sizeBytes);
    const metadata = await sharp(bytes).metadata();
    expect({ exif: metadata.exif, width: metadata.width }).toEqual({ exif: undefined, width: 40 });
    expect(bytes.includes('canary')).toBe(false);
    expect(Object.fromEntries(content.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': `attachment; filename="${id}.jpg"`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
    });
    const part = await fetch(server.url + url, { headers: { range: 'bytes=2-5' } });
    expect({ status: part.status, range: part.headers.get('content-range') }).toEqual({
      status: 206,
      range: `bytes 2-5/${sizeBytes}`,
    });
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(2, 6))).toBe(true);
    const known = await fetch(server.url + url, { headers: { 'if-none-match': `"${sha256}"` } });
    expect(known.status).toBe(304);
    const list = await get(server.url, FILES, { token: ada.accessToken });
    expect(list.json.items.map((file: { id: string }) => file.id)).toEqual([id]);
    expect(filesOnDisk()).toEqual([id]);
    expect((await call(server.url, 'DELETE', `${FILES}/${id}`, { token: ada.accessToken })).status).toBe(204);
    expect(filesOnDisk()).toEqual([]);
    expectProblem(await get(server.url, url, { token: null }), 404, 'operations/file-unknown');
    expectProblem(
      await get(server.url, `${FILES}/${id}`, { token: ada.accessToken }),
      404,
      'operations/file-unknown',
    );
  });

  it('that is none is refused, and leaves nothing', async () => {
    const png = await noise(60);
    const refusals: [string, unknown, number, string][] = [
      ['a page', '<script>alert(1)</script>', 415, 'operations/file-type-refused'],
      ['a page that begins like GIF', 'GIF89a/*<svg onload=1>*/', 415, 'operations/file-type-refused'],
      ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>', 415, 'operations/file-type-refused'],
      ['an archive', Buffer.from('PK\x03\x04'.padEnd(64, '\0')), 415, 'operations/file-type-refused'],
      ['half a picture', png.subarray(0, png.length / 2), 422, 'operations/file-unreadable'],
      ['the head of one', png.subarray(0, 40), 422, 'operations/file-unreadable'],
      ['too much', Buffer.alloc(11 * QUOTA_BYTES, 1), 413, 'operations/file-too-large'],
      ['too many pixels', await bomb(), 422, 'operations/file-unreadable'],
    ];
    for (const [what, body, status, code] of refusals) {
      const answer = await send(ada, body);
      expect({ what, status: answer.status, code: answer.json?.code }).toEqual({ what, status, code });
    }
    expectProblem(await send(ada, ''), 422, 'operations/file-unreadable');
    expectProblem(await send(ada, { a: 1 }, 'application/json'), 415, 'operations/file-not-sent-as-bytes');
    expectProblem(await send(ada, 'x', 'text/html'), 415);
    expectProblem(await send(ada, 'x', 'multipart/form-data; boundary=x'), 415);
    const packed = { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' };
    const asked = { token: ada.accessToken, body: png };
    expectProblem(await call(server.url, 'POST', UPLOAD, { ...asked, headers: packed }), 415);
    expectProblem(await send(ada, png, undefined, FILES), 400);
    expectProblem(await send(ada, png, undefined, `${FILES}?purpose=account-export`), 400);
    expectProblem(await send(ada, png, undefined, `${UPLOAD}&name=../../etc/passwd`), 400);
    expect(filesOnDisk()).toEqual([]);
  });

  it('loses what hides behind its end', async () => {
    const payload = Buffer.from('PK\x03\x04<script>canary-of-the-polyglot</script>');
    const answer = await send(ada, Buffer.concat([await noise(30), payload]));
    expect(answer.status).toBe(201);
    const content = await get(server.url, answer.json.url, { token: null });
    expect(content.text).not.toContain('canary-of-the-polyglot');
    await call(server.url, 'DELETE', `${FILES}/${answer.json.id}`, { token: ada.accessToken });
  });

  it('whose sending is broken off leaves nothing', async () => {
    const { hostname, port } = new URL(server.url);
    const path = UPLOAD;
    await new Promise<void>((resolve) => {
      const sent = httpRequest({
        hostname,
        port,
        path,
        method: 'POST',
        headers: {
          authorization: `Bearer ${ada.accessToken}`,
          'content-type': 'application/octet-stream',
          'content-length': 5_000_000,
        },
      });
      sent.on('error', () => resolve());
      sent.write(Buffer.alloc(200_000, 7));
      void waitUntil('the upload has begun', 5_000, () => Promise.resolve(filesOnDisk().length > 0)).then(
        () => sent.destroy(new Error('gone')),
      );
    });
    await waitUntil('it is cleaned up', 5_000, () => Promise.resolve(filesOnDisk().length === 0));
    expect(await filesInRows()).toEqual([]);
  });
});

describe('the files of an account', () => {
  it('never pass the quota, also when ten come at once', async () => {
    const eve = await newPerson(server.url);
    const picture = await noise(320); // some 300 KB
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(eve, picture)));
    const stored = answers.filter(({ status }) => status === 201);
    expect(stored).toHaveLength(Math.floor(QUOTA_BYTES / (stored[0]!.json.sizeBytes as number)));
    for (const refused of answers.filter(({ status }) => status !== 201))
      expectProblem(refused, 409, 'operations/file-quota-used-up');
    expect(filesOnDisk()).toEqual(stored.map(({ json }) => json.id as string).sort());
    const page = await get(server.url, `${FILES}?limit=2`, { token: eve.accessToken });
    const rest = await get(server.url, `${FILES}?limit=2&cursor=${page.json.nextCursor}`, {
      token: eve.accessToken,
    });
    expect([...page.json.items, ...rest.json.items]).toHaveLength(stored.length);
    expect(rest.json.nextCursor).toBeNull();
    for (const { json } of stored)
      await call(server.url, 'DELETE', `${FILES}/${json.id}`, { token: eve.accessToken });
    expect(filesOnDisk()).toEqual([]);
  });

  it('are as unknown to others as those that never were', async () => {
    const { json } = await send(ada, await noise(20));
    const eve = await newPerson(server.url);
    const odd = ['..%2f..%2fetc%2fpasswd', '%2e%2e', 'x', `${json.id}.png`, json.id.slice(1)];
    for (const method of ['GET', 'DELETE']) {
      const ask = async (id: string): Promise<Partial<Answer>> => {
        const { status, text } = await call(server.url, method, `${FILES}/${id}`, { token: eve.accessToken });
        const { instance: _instance, requestId: _requestId, ...body } = JSON.parse(text);
        return { status, text: JSON.stringify(body) };
      };
      const unknown = await ask(randomUUID());
      expect(unknown.status).toBe(404);
      expect(await ask(json.id)).toEqual(unknown);
      for (const id of odd.filter((name) => name !== '%2e%2e')) expect(await ask(id)).toEqual(unknown);
    }
    expect((await get(server.url, FILES, { token: eve.accessToken })).json.items).toEqual([]);
    expectProblem(await get(server.url, `${FILES}/a%00b`, { token: eve.accessToken }), 400);
    expect((await get(server.url, `${FILES}/${json.id}`, { token: ada.accessToken })).status).toBe(200);
    await call(server.url, 'DELETE', `${FILES}/${json.id}`, { token: ada.accessToken });
  });

  it('are read with a link that is theirs, unchanged and fresh', async () => {
    const [one, other] = [await send(ada, await noise(20)), await send(ada, await noise(21))];
    const link = new URL(server.url + (one.json.url as string));
    const linked = (id: string, changes: Record<string, string>): string => {
      const query = new URLSearchParams(link.search);
      for (const [name, value] of Object.entries(changes)) query.set(name, value);
      return `${FILES}/${id}/content?${query.toString()}`;
    };
    const { id } = one.json as { id: string };
    expect((await get(server.url, linked(id, {}), { token: null })).status).toBe(200);
    const expires = Number(link.searchParams.get('expires'));
    const wrong = [
      linked(id, { expires: String(expires + 3_600) }),
      linked(id, { expires: String(Math.floor(Date.now() / 1_000) - 1) }),
      linked(id, { signature: 'x' }),
      linked(other.json.id as string, {}),
      linked(randomUUID(), {}),
      linked('..%2fx', {}),
    ];
    for (const path of wrong)
      expectProblem(await get(server.url, path, { token: null }), 403, 'operations/file-link-invalid');
    // Nor does being somebody help.
    expectProblem(await get(server.url, wrong[0]!, { token: ada.accessToken }), 403);
    expectProblem(await get(server.url, `${FILES}/${id}/content`, { token: null }), 400);
    for (const { json } of [one, other])
      await call(server.url, 'DELETE', `${FILES}/${json.id}`, { token: ada.accessToken });
  });

  it('leave metadata in the audit trail, and nothing of what is in them', async () => {
    const events = await queryRows<{ action: string; state: object }>(
      database.url,
      `SELECT e.action, coalesce(d.after, d.before) AS state FROM platform.audit_event e
       JOIN platform.audit_detail d ON d.event_id = e.id WHERE d.user_id = $1 AND e.object_type = 'platform.stored-file'`,
      [ada.id],
    );
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(['platform.file-stored', 'platform.file-deleted']),
    );
    for (const { state } of events)
      expect(Object.keys(state).sort()).toEqual(['mediaType', 'purpose', 'sizeBytes']);
  });
});

/** A picture of 40 million pixels in a few KB. */
function bomb(): Promise<Buffer> {
  return sharp({ create: { width: 8_000, height: 5_000, channels: 3, background: 'black' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
