import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mergeEnvFiles } from '../../src/platform/config/env-files.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { StartupError } from '../../src/platform/config/startup-error.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import {
  canBeNobody,
  canMount,
  expectOneSentence,
  isRoot,
  processesNaming,
  type StartOutcome,
  startUntilExit,
  TrialFolders,
} from '../support/start-trial.js';
import { queryRows } from '../support/table-counts.js';

// Whatever stands in the way of a start: one sentence that says what is wrong and what to do, exit code 1, nothing left running.

const withMounts = canMount() ? it : it.skip;
const withOrdinaryUser = !isRoot || canBeNobody() ? it : it.skip;
const withPasswords = process.env['GUILDHALL_TEST_POSTGRES'] === 'debian' ? it.skip : it;

describe('a start', () => {
  const folders = new TrialFolders();
  let database: TestDatabase;
  const listeners: Server[] = [];

  /** Begun first, since it waits for a time limit. */
  let halfOpen: Promise<StartOutcome>;
  let silent: FlakyProxy;

  beforeAll(async () => {
    database = await createTestDatabase();
    silent = await FlakyProxy.before(database.url);
    await silent.become('halfOpen');
    halfOpen = startUntilExit({ env: { DATABASE_URL: silent.urlOf(database.url) } });
  });

  afterEach(async () => {
    for (const server of listeners.splice(0)) await new Promise((resolve) => server.close(resolve));
    folders.cleanUp();
  });

  afterAll(async () => {
    await halfOpen;
    await silent.close();
    await database.drop();
  });

  const start = (env: Record<string, string | undefined>): Promise<StartOutcome> => startUntilExit({ env });
  const onDatabase = (env: Record<string, string | undefined> = {}): Promise<StartOutcome> =>
    start({ DATABASE_URL: database.url, ...env });
  const takePort = async (): Promise<string> => {
    const server = createServer();
    listeners.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return String((server.address() as AddressInfo).port);
  };
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  describe('on an address that cannot be used', () => {
    it('says that the port is taken, and starts no database for it', async () => {
      const port = await takePort();
      const dir = folders.make();
      const outcome = await start({ PORT: port, DATA_DIR: dir });
      expectOneSentence(outcome, new RegExp(`^Port ${port} is taken by another program; set PORT`));
      expect(processesNaming(dir)).toEqual([]);
      expectOneSentence(await onDatabase({ PORT: port }), /^Port \d+ is taken/);
    });

    it('says that the host is not its own', async () => {
      const hosts = ['198.51.100.1', 'no-such-host.invalid'];
      const outcomes = await Promise.all(hosts.map((host) => onDatabase({ HOST: host })));
      outcomes.forEach((outcome, index) =>
        expectOneSentence(outcome, new RegExp(`^HOST ${hosts[index]} is not an address of this machine`)),
      );
    });
  });

  describe('on a folder that cannot be used', () => {
    // Root may write anywhere; it then tries as the account nobody, for which it needs runuser.
    withOrdinaryUser(
      'says that it cannot write to a folder without rights (needs runuser and nobody)',
      async () => {
        const dir = folders.make();
        if (!isRoot) chmodSync(dir, 0o500);
        const outcome = await startUntilExit({ isNobody: isRoot, env: { DATA_DIR: dir } });
        expectOneSentence(outcome, new RegExp(`cannot write to ${dir}`));
        expect(processesNaming(dir)).toEqual([]);
      },
    );

    withMounts('says that it cannot write to a disk that is read-only (needs mount)', async () => {
      const dir = folders.mount('ro,size=1m');
      expectOneSentence(await start({ DATA_DIR: join(dir, 'data') }), /cannot write to .*DATA_DIR/);
    });

    it('says that it is a file', async () => {
      const file = join(folders.make(), 'data');
      writeFileSync(file, '');
      expectOneSentence(
        await start({ DATA_DIR: file }),
        /is not a folder: remove that file, or set DATA_DIR/,
      );
    });

    withMounts('says that the disk is full, when it is so from the first file (needs mount)', async () => {
      const dir = folders.mount('size=64k');
      writeFileSync(join(dir, 'filling'), Buffer.alloc(60_000));
      const outcome = await start({ DATA_DIR: join(dir, 'data') });
      expectOneSentence(outcome, /^The disk that holds .* is full: free some space/);
      expect(processesNaming(dir)).toEqual([]);
    });

    withMounts('says that the disk is full, when the database does not fit (needs mount)', async () => {
      const dir = folders.mount('size=24m');
      const outcome = await start({ DATA_DIR: dir });
      expectOneSentence(outcome, /^The disk that holds .* is full: free some space/);
      expect(processesNaming(dir)).toEqual([]);
    });
  });

  describe('with a DATABASE_URL that cannot be used', () => {
    it('says that nobody listens there', async () => {
      const port = await takePort();
      await new Promise((resolve) => listeners.splice(0)[0]?.close(resolve));
      const outcome = await start({ DATABASE_URL: changed((url) => (url.port = port)) });
      expectOneSentence(
        outcome,
        /^The database of DATABASE_URL \(127\.0\.0\.1:\d+\/\w+\) cannot be used: .*ECONNREFUSED/,
      );
    });

    it('says that it does not answer, within seconds', async () => {
      const outcome = await halfOpen;
      expectOneSentence(outcome, /cannot be used: .*timeout/);
      expect(outcome.ms).toBeLessThan(20_000);
    });

    it.each([
      ['the host is unknown', 'api', (url: URL) => (url.hostname = 'no-such-host.invalid'), /no-such-host/],
      [
        'the database is unknown',
        'worker',
        (url: URL) => (url.pathname = '/no_such'),
        /"no_such" does not exist/,
      ],
      ['the user is unknown', 'all', (url: URL) => (url.username = 'stranger'), /stranger/],
    ])('says that %s, in role %s, and never tells the password', async (_what, role, change, sentence) => {
      const outcome = await start({ DATABASE_URL: changed(change), GUILDHALL_ROLE: role });
      expectOneSentence(outcome, sentence);
      expect(outcome.stderr).toMatch(/^The database of DATABASE_URL \(\S+\) cannot be used: /);
      expect(outcome.stderr).not.toContain(new URL(database.url).password);
    });

    withPasswords(
      'says that the password is wrong, without telling it (needs a cluster that asks for one)',
      async () => {
        const outcome = await start({ DATABASE_URL: changed((url) => (url.password = 'canary-password')) });
        expectOneSentence(outcome, /password authentication failed/);
        expect(outcome.stderr).not.toContain('canary');
      },
    );

    it('says that a newer Guildhall was there', async () => {
      await queryRows(
        database.url,
        "INSERT INTO platform.migration (timestamp, name) VALUES (9e12, 'RunningFlyToTheMoon9000000000000')",
      );
      const roles = ['api', 'worker', 'all'];
      const outcomes = await Promise.all(roles.map((role) => onDatabase({ GUILDHALL_ROLE: role })));
      for (const outcome of outcomes)
        expectOneSentence(
          outcome,
          /^The database was migrated by a newer Guildhall \(it knows RunningFlyToTheMoon9000000000000\)/,
        );
      await queryRows(database.url, "DELETE FROM platform.migration WHERE name LIKE 'RunningFly%'");
    });

    it('says that the schema is missing, where it may not make it', async () => {
      const empty = await createTestDatabase(null);
      const outcomes = await Promise.all(
        ['api', 'worker'].map((role) => start({ DATABASE_URL: empty.url, GUILDHALL_ROLE: role })),
      );
      for (const outcome of outcomes)
        expectOneSentence(
          outcome,
          /^The database lacks \d+ migration\(s\), first \w+; run: npm run migrate\.$/m,
        );
      const schemas = await queryRows(
        empty.url,
        "SELECT FROM pg_namespace WHERE nspname IN ('platform', 'market')",
      );
      expect(schemas).toEqual([]);
      await empty.drop();
    });
  });

  it('with a REDIS_URL behind which nobody listens says so, and leaves nothing running', async () => {
    const port = await takePort();
    await new Promise((resolve) => listeners.splice(0)[0]?.close(resolve));
    const outcome = await onDatabase({ REDIS_URL: `redis://:canary-password@127.0.0.1:${port}` });
    expectOneSentence(outcome, new RegExp(`127\\.0\\.0\\.1:${port}`));
    expect(outcome.stderr).toContain('REDIS_URL');
    expect(outcome.stderr).not.toContain('canary');
  });

  describe('with a configuration that cannot be meant', () => {
    it('names each faulty variable, and starts nothing', async () => {
      const dir = folders.make();
      const outcome = await start({ DATA_DIR: dir, PORT: 'eighty', LOG_LEVEL: 'loud' });
      expectOneSentence(
        outcome,
        /^The configuration is not valid \(PORT: .*; LOG_LEVEL: .*\); \.env\.example/,
      );
      expect(processesNaming(dir)).toEqual([]);
    });

    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://guildhall@127.0.0.1:1/none',
      TRUST_PROXY: '1',
    };
    const BAD_URL = /^DATABASE_URL must be a (valid )?postgres:\/\/ URL/;

    it.each([
      [
        'production without DATABASE_URL',
        { NODE_ENV: 'production', TRUST_PROXY: '1' },
        /^NODE_ENV=production needs DATABASE_URL/,
      ],
      [
        'a placeholder as a secret',
        { ...production, INGEST_API_TOKEN: 'change-me-canary-change-me' },
        /^INGEST_API_TOKEN looks like a placeholder; set a random secret/,
      ],
      ['one letter as a secret', { ...production, READ_API_TOKEN: 'a'.repeat(32) }, /^READ_API_TOKEN looks/],
      [
        'a short secret',
        { ...production, READ_API_TOKEN: 'canary' },
        /READ_API_TOKEN: must have at least 16/,
      ],
      [
        'a secret with blanks',
        { READ_API_TOKEN: 'canary and more letters' },
        /READ_API_TOKEN: must be print/,
      ],
      ['a port beyond all', { PORT: '65536' }, /PORT: /],
      ['a negative port', { PORT: '-1' }, /PORT: /],
      ['half a port', { PORT: '80.5' }, /PORT: /],
      ['an unknown role', { GUILDHALL_ROLE: 'king' }, /GUILDHALL_ROLE: /],
      ['an unknown domain', { DOMAINS: 'market,astrology' }, /DOMAINS\.1: /],
      ['no domain', { DOMAINS: ',' }, /DOMAINS: /],
      ['an unknown environment', { NODE_ENV: 'staging' }, /NODE_ENV: /],
      ['a flag that is none', { DEBUG: 'maybe' }, /DEBUG: /],
      ['an anonymous access that is none', { COMPAT_DOFUS_ANONYMOUS: 'yes' }, /COMPAT_DOFUS_ANONYMOUS: /],
      [
        'a pooler without a way around it',
        { DATABASE_URL: 'postgres://a@127.0.0.1/b', DB_POOLER: 'transaction' },
        /^DB_POOLER=transaction needs DATABASE_DIRECT_URL/,
      ],
      ['another database', { DATABASE_URL: 'mysql://user:canary@127.0.0.1/db' }, BAD_URL],
      ['no URL', { DATABASE_URL: 'canary' }, BAD_URL],
      ['half a URL', { DATABASE_URL: 'postgres://[canary' }, BAD_URL],
      ['a URL with a port beyond all', { DATABASE_URL: 'postgres://u:canary@127.0.0.1:99999/db' }, BAD_URL],
      ['a URL whose password is not encoded', { DATABASE_URL: 'postgres://u:canary%@127.0.0.1/db' }, BAD_URL],
      [
        'a direct URL that is none',
        { DATABASE_URL: 'postgres://a@127.0.0.1/b', DATABASE_DIRECT_URL: 'canary' },
        /^DATABASE_DIRECT_URL must be a (valid )?postgres:\/\/ URL/,
      ],
    ])('says so, and tells no secret: %s', (_what, variables: Record<string, string>, sentence) => {
      let failure: unknown;
      try {
        parseEnvironment(variables);
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(StartupError);
      expect((failure as StartupError).message).toMatch(sentence);
      expect((failure as StartupError).message).toMatch(/^[^\n]+\.$/);
      expect((failure as StartupError).message).not.toContain('canary');
    });
  });

  describe('with environment files', () => {
    it('lets .env.local win over .env, and the process’s own variables over both', async () => {
      const both = folders.copyOfProgram();
      writeFileSync(join(both, '.env'), '# a comment\nHOST="198.51.100.1"\n');
      writeFileSync(join(both, '.env.local'), "HOST='198.51.100.2'\nUNKNOWN_NAME=ignored\n");
      const one = folders.copyOfProgram();
      writeFileSync(join(one, '.env'), 'export HOST=198.51.100.1 # and why\n');
      const outcomes = await Promise.all([
        startUntilExit({ program: one, env: { HOST: undefined } }),
        startUntilExit({ program: both, env: { HOST: undefined } }),
        startUntilExit({ program: both, env: { HOST: '198.51.100.3' } }),
      ]);
      outcomes.forEach((outcome, index) =>
        expectOneSentence(outcome, new RegExp(`^HOST 198\\.51\\.100\\.${index + 1} is not an address`)),
      );
    });

    it('goes on without them, and takes an empty variable of the process over a filled one in a file', () => {
      const folder = folders.make();
      expect(mergeEnvFiles(folder, { PORT: '1' })).toEqual({ PORT: '1' });
      writeFileSync(join(folder, '.env.local'), 'PORT=2\nHOST=a\n');
      expect(mergeEnvFiles(folder, { PORT: '' })).toEqual({ PORT: '', HOST: 'a' });
    });

    it('says that one of them cannot be read', () => {
      const folder = folders.make();
      mkdirSync(join(folder, '.env'));
      expect(() => mergeEnvFiles(folder, {})).toThrow(StartupError);
      expect(() => mergeEnvFiles(folder, {})).toThrow(join(folder, '.env'));
    });
  });
});
