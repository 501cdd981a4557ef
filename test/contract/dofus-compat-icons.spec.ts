import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  dataFolderOf,
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { type Answer, DATA, getData, point, upload } from './compat-calls.js';

// What the packet reader does after an upload: it sends a picture for every id in `missing_images`, without a token, and is
// content with 200 only; the web page then shows the address it is given, from another origin.

const ICON = `${DATA}?resource=items&type=icon`;
const ICONS = '/api/v1/market/icons/';
const NATIVE = '/api/v1/market/games/dofus/items/';

let database: TestDatabase;
let server: ServerProcess;
let picture: Buffer;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  picture = await draw('#884422');
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const draw = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 4, background } })
    .withExif({ IFD0: { Copyright: 'canary-copyright' } })
    .png()
    .toBuffer();

async function send(
  form: Record<string, string | Buffer>,
  headers: object = {},
  url = ICON,
): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form))
    if (typeof value === 'string') body.append(name, value);
    else body.append(name, new Blob([new Uint8Array(value)], { type: 'image/png' }), 'icon.png');
  const response = await fetch(server.url + url, { method: 'POST', body, headers: { ...headers } });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function item(gid: number, name = `zz icon ${gid}`): Promise<Answer> {
  return upload(server, [
    point({ item_name: name, ankama_id: gid, server: 'Hell Mina', price_unit_avg: gid % 100 }),
  ]);
}

const pathOf = (url: string): string => {
  expect(url.startsWith(server.url + ICONS)).toBe(true);
  return url.slice(server.url.length);
};
const iconsInRows = (): Promise<{ id: string }[]> =>
  queryRows(database.url, 'SELECT id FROM platform.stored_file ORDER BY id');
function filesOnDisk(): string[] {
  const root = join(dataFolderOf({ DATABASE_URL: database.url }).DATA_DIR!, 'files');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

describe('POST items&type=icon', () => {
  it('takes the picture of an item, which is then shown everywhere and no longer missing', async () => {
    expect((await item(950_001)).body.missing_images).toEqual([950_001]);
    const { status, body } = await send({ gid: '950001', file: picture });
    expect({ status, body }).toEqual({ status: 200, body: { success: true, url: expect.any(String) } });

    const shown = await fetch(server.url + pathOf(body.url));
    expect(shown.status).toBe(200);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const bytes = Buffer.from(await shown.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(picture.includes('canary-copyright')).toBe(true);
    expect(bytes.includes('canary-copyright')).toBe(false);
    const again = await fetch(server.url + pathOf(body.url), {
      headers: { 'if-none-match': shown.headers.get('etag')! },
    });
    expect(again.status).toBe(304);

    expect((await item(950_001)).body.missing_images).toEqual([]);
    const name = 'zz icon 950001';
    const search = `search=${encodeURIComponent(name)}`;
    const lists = [
      await getData(server, `resource=items&${search}`),
      await getData(server, `resource=items&mode=search&${search}`),
    ];
    for (const list of lists) expect(list.body).toMatchObject([{ icon_url: body.url }]);
    const page = await getData(server, `resource=items&mode=market&server=Hell+Mina&${search}`);
    expect(page.body.items).toMatchObject([{ icon_url: body.url }]);
    const details = await getData(
      server,
      `resource=items&mode=details&item_name=${encodeURIComponent(name)}`,
    );
    expect(details.body).toMatchObject({ icon_url: body.url });
    const native = await fetch(`${server.url}${NATIVE}${details.body.id}`, {
      headers: { authorization: `Bearer ${READ_TOKEN}` },
    });
    expect(await native.json()).toMatchObject({ iconUrl: pathOf(body.url) });
  });

  it('keeps the first picture, also of two that come at once; a curator replaces it, and the old one is gone', async () => {
    await item(950_002);
    const first = await Promise.all([
      send({ gid: '950002', file: picture }),
      send({ gid: '950002', file: await draw('#00ff00') }),
    ]);
    expect(first.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(first.map(({ body }) => body.url)).size).toBe(1);
    const { url } = first[0].body;
    expect((await send({ gid: '950002', file: await draw('#0000ff') })).body.url).toBe(url);

    const curator = { Authorization: `Bearer ${INGEST_TOKEN}` };
    const replaced = await send({ gid: '950002', file: await draw('#0000ff') }, curator);
    expect(replaced.status).toBe(200);
    expect(replaced.body.url).not.toBe(url);
    expect((await fetch(server.url + pathOf(url))).status).toBe(404);
    expect((await fetch(server.url + pathOf(replaced.body.url))).status).toBe(200);
    const known = (await iconsInRows()).map(({ id }) => id);
    await waitUntil('the bytes are gone', 5_000, () => filesOnDisk().join() === known.join());
  });

  it.each<[string, Record<string, string | Buffer>, number, string]>([
    ['no gid', { file: Buffer.from('x') }, 400, 'Missing gid or file'],
    ['a gid that is none', { gid: '1; DROP', file: Buffer.from('x') }, 400, 'Missing gid or file'],
    ['no file', { gid: '950003' }, 400, 'Missing gid or file'],
    ['an unknown gid', { gid: '999888', file: Buffer.from('x') }, 404, 'Item not found'],
    [
      'a file that is no picture',
      { gid: '950003', file: Buffer.from('<svg onload="x"/>') },
      400,
      'invalid_file',
    ],
  ])('refuses %s and stores nothing', async (_what, form, status, error) => {
    await item(950_003);
    const before = await iconsInRows();
    const answer = await send(form);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toBe(error);
    expect(await iconsInRows()).toEqual(before);
  });

  it('refuses what is too large, in bytes or pixels, and another resource', async () => {
    await item(950_004);
    const before = await iconsInRows();
    expect((await send({ gid: '950004', file: Buffer.alloc(300_000) })).status).toBe(413);
    const wide = await sharp({ create: { width: 2_000, height: 2_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect((await send({ gid: '950004', file: wide })).body.error).toBe('invalid_file');
    expect((await send({ gid: '950004', file: picture }, {}, `${DATA}?resource=recipes`)).status).toBe(400);
    expect(await iconsInRows()).toEqual(before);
  });

  it('wants a token where callers without one only read, and one that may contribute', async () => {
    const reader = { Authorization: `Bearer ${READ_TOKEN}` };
    expect((await send({ gid: '950001', file: picture }, reader)).status).toBe(403);
    const closed = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' });
    try {
      const form = new FormData();
      form.append('gid', '950001');
      expect((await fetch(closed.url + ICON, { method: 'POST', body: form })).status).toBe(401);
    } finally {
      await closed.stop();
    }
  });
});

describe('PUT /api/v1/market/games/{game}/items/{itemId}/icon', () => {
  const put = async (id: number | string, body: Buffer, token = INGEST_TOKEN) => {
    const response = await fetch(`${server.url}${NATIVE}${id}/icon`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    });
    return { status: response.status, json: (await response.json()) as { url: string; code: string } };
  };

  it('gives an item its picture, which curators take away again', async () => {
    await item(950_010);
    const { body } = await getData(server, 'resource=items&search=zz+icon+950010');
    const id: number = body[0].id;
    const { status, json } = await put(id, picture);
    expect(status).toBe(200);
    expect(json.url.startsWith(ICONS)).toBe(true);
    expect((await fetch(server.url + json.url)).status).toBe(200);
    const remove = (token: string) =>
      fetch(`${server.url}${NATIVE}${id}/icon`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await remove(READ_TOKEN)).status).toBe(403);
    expect((await remove(INGEST_TOKEN)).status).toBe(204);
    expect((await remove(INGEST_TOKEN)).status).toBe(204);
    expect((await fetch(server.url + json.url)).status).toBe(404);
  });

  it('says what is wrong', async () => {
    expect(await put(99_999_999, picture)).toMatchObject({
      status: 404,
      json: { code: 'market/unknown-item' },
    });
    const { body } = await getData(server, 'resource=items&search=zz+icon+950001');
    expect(await put(body[0].id, Buffer.from('no picture'))).toMatchObject({ status: 415 });
    expect((await fetch(`${server.url}${ICONS}not-an-id`)).status).toBe(404);
  });
});
