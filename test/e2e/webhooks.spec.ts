import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSignedBy } from '../../src/platform/notifications/webhook-signature.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type FakeProvider, openFakeProvider, type SeenRequest } from '../support/fake-provider.js';
import {
  ADMIN_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

/** Hooks as administrators keep them and as receivers meet them. */
let database: TestDatabase;
let server: ServerProcess;
let receiver: FakeProvider;
let dataDir: string;
const ROOT = '/api/v1/admin/webhooks';
const admin = { token: ADMIN_TOKEN };

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await openFakeProvider();
  dataDir = mkdtempSync(join(tmpdir(), 'guildhall-hooks-'));
  server = await startServerProcess({
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    OUTBOUND_ALLOW_PRIVATE: 'true',
    SLOW_REQUEST_MS: '1',
  });
});

beforeEach(() => receiver.script({}));

afterAll(async () => {
  await server.stop();
  await receiver.close();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

const create = (events: string[], path = '/hook'): Promise<Answer> =>
  post(server.url, ROOT, { url: `${receiver.url}${path}`, events }, admin);
const remove = (id: string): Promise<Answer> => call(server.url, 'DELETE', `${ROOT}/${id}`, admin);
const arrived = (path: string): Promise<SeenRequest> =>
  waitUntil('a delivery arrives', 15_000, () => receiver.seen.find(({ url }) => url === path));

describe('a webhook', () => {
  it('is made, shown without its secret, tested and deleted', async () => {
    const made = await create(['error_group.opened']);
    expect(made.status).toBe(201);
    const { id, secret, ...shown } = made.json as Record<string, string>;
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect((await get(server.url, `${ROOT}/${id!}`, admin)).json).toEqual({ id, ...shown });
    expect((await get(server.url, ROOT, admin)).text).not.toContain('whsec_');

    const tested = await post(server.url, `${ROOT}/${id!}/test`, undefined, admin);
    expect(tested.status).toBe(202);
    const seen = await arrived('/hook');
    expect(
      isSignedBy(secret!, seen.body, String(seen.headers['guildhall-signature']), Date.now() / 1_000, 60),
    ).toBe(true);
    expect(seen.headers['guildhall-delivery']).toBe(tested.json.id);
    await waitUntil('it is written down', 5_000, async () => {
      const { json } = await get(server.url, `${ROOT}/${id!}/deliveries`, admin);
      return json.items[0]?.state === 'delivered';
    });
    expect((await post(server.url, `${ROOT}/${id!}/enable`, undefined, admin)).json.isEnabled).toBe(true);
    expect((await remove(id!)).status).toBe(204);
    expectProblem(await get(server.url, `${ROOT}/${id!}`, admin), 404, 'operations/webhook-unknown');
    expect(server.output()).not.toContain(secret);
  });

  it('is told of slow requests', async () => {
    const made = await create(['slow_request_alert'], '/slow');
    await get(server.url, '/api/v1/admin/jobs', admin);
    const body = JSON.parse((await arrived('/slow')).body) as Record<string, never>;
    expect(body).toMatchObject({ event: 'slow_request_alert', details: { count: expect.any(Number) } });
    await remove(made.json.id as string);
  });

  it('is refused where its URL or events cannot be meant', async () => {
    const bodies: [object, number, string][] = [
      [{ url: 'ftp://example.org/', events: ['slow_request_alert'] }, 422, 'operations/webhook-url-refused'],
      [
        { url: 'https://u:p@example.org/', events: ['slow_request_alert'] },
        422,
        'operations/webhook-url-refused',
      ],
      [{ url: 'https://example.org/', events: ['webhook.test'] }, 400, 'http/malformed'],
      [{ url: 'https://example.org/', events: [] }, 400, 'http/malformed'],
      [{ url: 'https://example.org/', events: ['slow_request_alert'], secret: 'x' }, 400, 'http/malformed'],
      [{ url: 7, events: ['slow_request_alert'] }, 400, 'http/malformed'],
    ];
    for (const [body, status, code] of bodies)
      expectProblem(await post(server.url, ROOT, body, admin), status, code);
    for (const id of [randomUUID(), 'x'])
      expectProblem(
        await post(server.url, `${ROOT}/${id}/test`, undefined, admin),
        404,
        'operations/webhook-unknown',
      );
  });

  it('is the administrators’ alone', async () => {
    const reader = { token: READ_TOKEN };
    expectProblem(await get(server.url, ROOT, reader), 403, 'auth/forbidden');
    expectProblem(await post(server.url, ROOT, { url: 'x', events: [] }, reader), 403, 'auth/forbidden');
  });
});
