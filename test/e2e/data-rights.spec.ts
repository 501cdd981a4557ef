import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { readArchive } from '../support/archive.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person, signInAnswer } from '../support/people.js';
import { contentsOf, plantCanaries } from '../support/personal-data.js';
import { dataFolderOf, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { dumpTables } from '../support/table-dump.js';
import { waitUntil } from '../support/wait-until.js';

const EXPORT = '/api/v1/account/export';
/** Rooms that have something to say of a person, in the order in which they forget, up to the files. */
const BEFORE_FILES = [
  'vault',
  'agent-alerts',
  'alerts',
  'audit',
  'destiny-conversations',
  'destiny-link',
  'destiny-profiles',
  'destiny-shares',
  'destiny-wish-lists',
  'harvest-routes',
  'history-imports',
  'idempotency',
  'jobs',
  'market',
  'market-personal',
  'notifications',
  'profiling',
  'running-analyses',
  'running-ghosts',
  'running-imports',
  'running-profiles',
  'running-races',
  'running-routes',
  'running-runs',
];
const FROM_FILES_ON = ['storage', 'tabletop-campaigns', 'tabletop-characters', 'tabletop-search', 'identity'];
const HANDLERS = BEFORE_FILES.length + FROM_FILES_ON.length;

/** Tables of groups, in which rows say by another column whose they are. */
const OWNED_IN_PART = ['tabletop.change', 'tabletop.import', 'tabletop.import_source', 'tabletop.object'];

/** Columns that hold packed numbers, which an export shows as numbers. */
const UNPACKED: Readonly<Record<string, string>> = {
  'running.track': 'points',
  'running.folded_fixes': 'fixes',
  'running.route_shape': 'places',
};

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await start();
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const start = (): Promise<ServerProcess> =>
  startServerProcess({ DATABASE_URL: database.url, JOBS_LOCK_S: '1', LOG_LEVEL: 'debug' });
const dataDir = (): string => dataFolderOf({ DATABASE_URL: database.url }).DATA_DIR!;
const filesDir = (): string => join(dataDir(), 'files');
const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  queryRows<Row>(database.url, sql, values);

/** Tables whose rows belong to users, as the catalogue says. */
async function ownedTables(): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND obj_description(c.oid, 'pg_class') LIKE 'owner=user;%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
const ownerOf = (table: string): string => (table === 'identity.account' ? 'id' : 'user_id');
const canaries = () => {
  const planted = new Map<string, string>();
  return {
    planted,
    canary: (place: string): string => {
      const word = planted.get(place) ?? `canary-${randomBytes(9).toString('hex')}`;
      planted.set(place, word);
      return word;
    },
  };
};

/** Somebody with something in every room. */
async function aPersonWithEverything(
  canary: (place: string) => string,
): Promise<Person & { fileId: string }> {
  const person = await newPerson(server.url, `${canary('email')}@example.org`);
  await post(
    server.url,
    '/api/v1/auth/sign-in',
    { email: person.email, password: person.password, deviceName: canary('device') },
    { token: null, headers: { 'user-agent': canary('user-agent') } },
  );
  await call(server.url, 'PATCH', '/api/v1/account', {
    token: person.accessToken,
    body: { displayName: canary('display-name') },
  });
  const fileId = await plantCanaries(database.url, filesDir(), person.id, canary);
  return { ...person, fileId };
}

const found = (text: string, planted: ReadonlyMap<string, string>): string[] =>
  [...planted]
    .filter(([, word]) => text.includes(word) || text.includes(Buffer.from(word).toString('hex')))
    .map(([place]) => place);

describe('an export', () => {
  it('holds every table of the account, row by row, and its files', async () => {
    const { planted, canary } = canaries();
    const ada = await aPersonWithEverything(canary);
    const eve = await newPerson(server.url);
    const asked = await post(server.url, EXPORT, undefined, { token: ada.accessToken });
    expect(asked.status).toBe(202);
    const { jobId, fileId } = asked.json as { jobId: string; fileId: string };
    const job = async () => (await get(server.url, `/api/v1/jobs/${jobId}`, { token: ada.accessToken })).json;
    await waitUntil('the export is done', 20_000, async () => (await job()).state === 'done');
    const tables = await ownedTables();
    expect((await job()).progress).toMatchObject({ done: HANDLERS, total: HANDLERS });
    const file = await get(server.url, `/api/v1/files/${fileId}`, { token: ada.accessToken });
    expect(file.json).toMatchObject({ purpose: 'account-export', mediaType: 'application/zip' });
    const keptMs = Date.parse(file.json.expiresAt) - Date.parse(file.json.createdAt);
    expect(Math.round(keptMs / 3_600_000)).toBe(7 * 24);
    for (const path of [`/api/v1/files/${fileId}`, `/api/v1/jobs/${jobId}`])
      expect((await get(server.url, path, { token: eve.accessToken })).status).toBe(404);
    const archive = await readArchive(
      Buffer.from(await (await fetch(server.url + file.json.url)).arrayBuffer()),
    );
    expect([...archive.keys()].filter((name) => name.endsWith('.json')).sort()).toEqual(
      [...tables, ...OWNED_IN_PART].map((name) => `${name}.json`).sort(),
    );
    expect(archive.get(`files/${ada.fileId}.png`)?.toString()).toBe(canary('file'));
    // Read again, the rows are those that are stored, where nothing has been written meanwhile.
    const moving = [
      'platform.job',
      'platform.api_performance_logs',
      'platform.audit_detail',
      'platform.stored_file',
    ];
    for (const table of tables) {
      const rows = JSON.parse(archive.get(`${table}.json`)!.toString()) as Record<string, unknown>[];
      const packed = UNPACKED[table];
      for (const row of packed === undefined ? [] : rows) {
        const columns = Object.values(row[packed!] as Record<string, unknown[] | null>);
        expect(columns.some((values) => values !== null && values.length > 0)).toBe(true);
        delete row[packed!];
      }
      const columns = Object.keys(rows[0] ?? {});
      if (columns.length === 0) continue;
      const stored = await query<{ row: object }>(
        `SELECT row_to_json(t) AS row FROM (SELECT ${columns.map((name) => `"${name}"`).join()} FROM ${table}
         WHERE ${ownerOf(table)} = $1) t`,
        [ada.id],
      );
      const texts = stored.map(({ row }) => JSON.stringify(row)).sort();
      const exported = rows.map((row) => JSON.stringify(row)).sort();
      if (moving.includes(table)) expect(exported.length).toBeGreaterThan(0);
      else expect({ table, rows: exported }).toEqual({ table, rows: texts });
    }
    const all = [...archive.values()].join('\n');
    const others = ['error-group', 'mail-error', 'mail-progress'];
    expect(found(all, planted).sort()).toEqual(
      [...planted.keys()].filter((place) => !others.includes(place)).sort(),
    );
    expect(all).not.toMatch(/\$argon2|refresh_hash|password_hash|salt|mark_key/);
    const [{ hash } = { hash: 'none' }] = await query<{ hash: string }>(
      `SELECT encode(refresh_hash, 'hex') AS hash FROM identity.session WHERE user_id = $1`,
      [ada.id],
    );
    expect(all).not.toContain(hash);

    const again = await post(server.url, EXPORT, undefined, { token: ada.accessToken });
    await waitUntil('the second one has taken its place', 20_000, async () => {
      const list = await get(server.url, '/api/v1/files?purpose=account-export', { token: ada.accessToken });
      return list.json.items.length === 1 && list.json.items[0].id === again.json.fileId;
    });
    expect(contentsOf(filesDir())).not.toContain(fileId);
  }, 60_000);

  it('needs a fresh proof', async () => {
    const ada = await newPerson(server.url);
    await query(`UPDATE identity.session SET proved_at = now() - interval '1 hour' WHERE user_id = $1`, [
      ada.id,
    ]);
    const refreshed = await post(
      server.url,
      '/api/v1/auth/refresh',
      { refreshToken: ada.refreshToken },
      { token: null },
    );
    const answer = await post(server.url, EXPORT, undefined, { token: refreshed.json.accessToken });
    expectProblem(answer, 403, 'auth/step-up-needed');
  });
});

describe('an erasure', () => {
  it('that is killed half-way is resumed, and leaves nothing of the person anywhere', async () => {
    const { planted, canary } = canaries();
    const ada = await aPersonWithEverything(canary);
    const bob = await newPerson(server.url);
    expect(planted.size).toBeGreaterThanOrEqual(20);
    const before = found(`${await dumpTables(database.url)}\n${contentsOf(filesDir())}`, planted);
    expect(before.sort()).toEqual([...planted.keys()].sort());

    const inTheWay = new pg.Client({ connectionString: database.url });
    await inTheWay.connect();
    await inTheWay.query('BEGIN; LOCK TABLE platform.stored_file IN ACCESS EXCLUSIVE MODE');
    expect((await call(server.url, 'DELETE', '/api/v1/account', { token: ada.accessToken })).status).toBe(
      204,
    );
    expectProblem(await get(server.url, '/api/v1/account', { token: ada.accessToken }), 401);
    const credentials = { email: ada.email, password: ada.password };
    expect((await signInAnswer(server.url, credentials)).status).toBe(401);
    const refresh = { refreshToken: ada.refreshToken };
    expect((await post(server.url, '/api/v1/auth/refresh', refresh, { token: null })).status).toBe(401);
    const steps = async (): Promise<string[]> =>
      (
        await query<{ handler: string }>(
          'SELECT handler FROM identity.erasure_step WHERE user_id = $1 ORDER BY finished_at',
          [ada.id],
        )
      ).map(({ handler }) => handler);
    await waitUntil(
      'it stands before the files',
      20_000,
      async () => (await steps()).length === BEFORE_FILES.length,
    );
    expect(await steps()).toEqual(BEFORE_FILES);
    const log = server.output();
    server.kill('SIGKILL');
    await server.exited;
    await inTheWay.query('ROLLBACK');
    await inTheWay.end();
    expect(found(contentsOf(filesDir()), planted)).toEqual(['file']);

    server = await start();
    const finished = (): Promise<object[]> =>
      query('SELECT FROM identity.erasure WHERE user_id = $1 AND finished_at IS NOT NULL', [ada.id]);
    await waitUntil('it is finished', 60_000, async () => (await finished()).length === 1);
    expect(await steps()).toEqual([...BEFORE_FILES, ...FROM_FILES_ON]);
    expect(found(await dumpTables(database.url), planted)).toEqual([]);
    expect(found(contentsOf(dataDir()), planted)).toEqual([]);
    expect(found(log + server.output(), planted)).toEqual([]);

    // What was under way at the deletion is gone over minutes later.
    await query(
      `INSERT INTO platform.idempotency_key (user_id, route, key, body_hash) VALUES ($1, 'x', 'late', '\\x00')`,
      [ada.id],
    );
    await query(`UPDATE identity.erasure SET finished_at = now() - interval '1 hour'`);
    await query(
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000003', 'identity.sweep-erasures', 'identity-data-rights', '{}')`,
    );
    const rowsOf = async (id: string): Promise<Record<string, number>> => {
      const counts = (await ownedTables()).map(async (table) => {
        const rows = await query(`SELECT FROM ${table} WHERE ${ownerOf(table)} = $1`, [id]);
        return [table, rows.length] as const;
      });
      return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
    };
    await waitUntil(
      'no table knows the account',
      30_000,
      async () => Object.keys(await rowsOf(ada.id)).length === 0,
    );
    expect(await rowsOf(bob.id)).toMatchObject({ 'identity.account': 1, 'identity.session': 1 });
    expect((await get(server.url, '/api/v1/account', { token: bob.accessToken })).status).toBe(200);
    // The trail still says that an account was erased, and its chain holds.
    const events = await query<{ action: string }>(
      `SELECT action FROM platform.audit_event WHERE object_id = $1 AND action LIKE 'identity.account-%ed' ORDER BY id`,
      [ada.id],
    );
    expect(events.map(({ action }) => action).slice(-2)).toEqual([
      'identity.account-deleted',
      'identity.account-erased',
    ]);
    const verified = await runCli(['audit', 'verify'], { DATABASE_URL: database.url });
    expect({ code: verified.code, stderr: verified.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await newPerson(server.url, ada.email)).id).not.toBe(ada.id);
  }, 180_000);

  it('that fails holds up nobody else’s', async () => {
    const [stuck, next] = [await newPerson(server.url), await newPerson(server.url)];
    for (const { accessToken: token } of [stuck, next])
      expect((await call(server.url, 'DELETE', '/api/v1/account', { token })).status).toBe(204);
    const left = async (condition: string): Promise<string[]> => {
      const rows = await query<{ id: string }>(
        `SELECT user_id AS id FROM identity.erasure WHERE user_id = ANY ($1) AND ${condition} ORDER BY requested_at`,
        [[stuck.id, next.id]],
      );
      return rows.map(({ id }) => id);
    };
    const bothDone = async (): Promise<boolean> => (await left('finished_at IS NOT NULL')).length === 2;
    await waitUntil('both are done', 30_000, bothDone);
    await query(
      `CREATE FUNCTION identity.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
       CREATE TRIGGER stuck BEFORE DELETE ON identity.erasure
       FOR EACH ROW WHEN (OLD.user_id = '${stuck.id}') EXECUTE FUNCTION identity.refuse();
       UPDATE identity.erasure SET finished_at = now() - interval '1 hour'`,
    );
    const [job] = await query<{ id: string }>(
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000003', 'identity.sweep-erasures', 'identity-data-rights', '{}')
       RETURNING id`,
    );
    await waitUntil('the second is gone over', 30_000, async () => (await left('true')).length === 1);
    expect(await left('true')).toEqual([stuck.id]);
    await query('DROP FUNCTION identity.refuse() CASCADE');
    await waitUntil('the operator can see it', 10_000, async () => {
      const [row] = await query<{ error: string | null }>('SELECT error FROM platform.job WHERE id = $1', [
        job!.id,
      ]);
      return row?.error?.match(/^1 of \d+ erasures failed, first: .*not this one/);
    });
  }, 90_000);

  it('is done at once by an operator', async () => {
    const { planted, canary } = canaries();
    const ada = await aPersonWithEverything(canary);
    const env = { DATABASE_URL: database.url };
    const erased = await runCli(['account', 'erase', '--email', ada.email.toUpperCase()], env);
    expect(erased).toMatchObject({ code: 0, stderr: '' });
    expect(erased.stdout).toMatch(new RegExp(`${HANDLERS} of ${HANDLERS}\\nerased\\n$`));
    expect(found(await dumpTables(database.url), planted)).toEqual([]);
    expect(found(contentsOf(dataDir()), planted)).toEqual([]);
    const again = await runCli(['account', 'erase', '--email', ada.email], env);
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 1,
      stderr: `There is no account of ${ada.email}.\n`,
    });
  }, 60_000);
});
