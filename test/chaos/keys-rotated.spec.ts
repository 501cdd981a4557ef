import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { KeyRing } from '../../src/platform/vault/key-ring.js';
import type { SecretPlace } from '../../src/platform/vault/vault.service.js';
import { runCli } from '../support/cli-process.js';
import { dataFolderOf, spawnServer, startServerProcess } from '../support/server-process.js';
import { openUnits, type TestUnits } from '../support/units.js';
import { openVault, secretsKey } from '../support/vault-world.js';
import { waitUntil } from '../support/wait-until.js';

/** A new SECRETS_KEY is taken into use while everything that can die does: no secret is lost, and the old key may go. */
const KEYS = 10_000;
let units: TestUnits;
let users: string[];
let samples: { place: SecretPlace; sealed: Buffer }[];

beforeAll(async () => {
  units = await openUnits();
  users = Array.from({ length: KEYS }, () => randomUUID());
  const ring = new KeyRing(parseEnvironment({ NODE_ENV: 'test', SECRETS_KEY: secretsKey('first') }));
  const rows = users.map((userId) => ring.wrap(userId, randomUUID(), randomBytes(32)));
  await units.owner(
    `INSERT INTO platform.data_key (user_id, id, kid, wrapped)
     SELECT *  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[])`,
    [rows.map((r) => r.userId), rows.map((r) => r.id), rows.map((r) => r.kid), rows.map((r) => r.wrapped)],
  );
  const { vault } = openVault(units, 'first');
  samples = await units.system.run(SYSTEM_SCOPE, async (tx) => {
    const made: typeof samples = [];
    for (const userId of users) {
      const place = { table: 'spec.connection', column: 'token', rowId: userId, userId };
      made.push({ place, sealed: await vault.seal(tx, place, userId) });
    }
    return made;
  });
}, 120_000);

afterAll(() => units.close());

const countOf = async (kid: string): Promise<number> =>
  (
    await units.owner<{ n: number }>('SELECT count(*)::int AS n FROM platform.data_key WHERE kid = $1', [kid])
  )[0]!.n;
const env = (newest: string, old = ''): Record<string, string> => ({
  DATABASE_URL: units.url,
  SECRETS_KEY: secretsKey(newest),
  SECRETS_KEYS_OLD: old === '' ? '' : secretsKey(old),
});

/** Every secret, opened by a process that has this key only. */
async function expectAllRead(kid: string): Promise<void> {
  const { vault } = openVault(units, kid);
  await units.system.run(SYSTEM_SCOPE, async (tx) => {
    for (const { place, sealed } of samples)
      if ((await vault.open(tx, place, sealed)).toString() !== place.userId) throw new Error(place.userId);
  });
}

describe('the rotation of 10,000 data keys', () => {
  it('is killed half-way, goes on where it was, and then the old key may go', async () => {
    const { PATH = '', HOME = '' } = process.env;
    const variables = env('second', 'first');
    const child = spawn(process.execPath, ['dist/cli.js', 'secrets', 'rotate'], {
      env: { PATH, HOME, NODE_ENV: 'test', ...dataFolderOf(variables), ...variables },
      stdio: 'ignore',
    });
    const exited = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_, signal) => resolve(signal)),
    );
    await waitUntil('it is under way', 30_000, async () => (await countOf('second')) >= 1_000);
    child.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    const done = await countOf('second');
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(KEYS);
    expect(done + (await countOf('first'))).toBe(KEYS);
    const again = await runCli(['secrets', 'rotate'], variables);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('by second; nothing needs an older key, SECRETS_KEYS_OLD may be emptied');
    expect(await countOf('second')).toBe(KEYS);
    await expectAllRead('second');
  }, 60_000);

  it('is done by a worker that starts with a new key, as a job', async () => {
    const server = await startServerProcess(env('third', 'second'));
    try {
      await waitUntil('all keys are wrapped anew', 30_000, async () => (await countOf('third')) === KEYS);
      const [job] = await waitUntil('the job is done', 10_000, async () => {
        const rows = await units.owner<{ state: string; progress: { note: string } | null }>(
          `SELECT state, progress FROM platform.job WHERE name = 'platform.rotate-keys'`,
        );
        return rows[0]?.state === 'done' && rows;
      });
      expect(job!.progress?.note).toContain('SECRETS_KEYS_OLD may be emptied');
    } finally {
      await server.stop();
    }
    await expectAllRead('third');
  }, 60_000);

  it('is not begun where a key is missing: the start ends with one sentence', async () => {
    const server = spawnServer(env('fourth'));
    expect(await server.exited).toBe(1);
    expect(server.output().trim()).toBe(
      'The database holds secrets under the key third, which is neither in SECRETS_KEY nor in SECRETS_KEYS_OLD; add it to SECRETS_KEYS_OLD.',
    );
  });
});
