import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openSilentProxy, type SilentProxy } from '../../../test/support/silent-proxy.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { roleConfig } from './connection-config.js';
import { DatabaseUnavailableError, sqlState, translateDatabaseError } from './database.errors.js';
import { PipelinedReads, type PipelinedReadsOptions } from './pipelined-reads.js';

const USER = randomUUID();
const WHERE = { name: 'where', text: 'SELECT pg_backend_pid() AS pid', values: [] };
const SLEEP = { name: 'sleep', text: 'SELECT pg_sleep($1)', values: [30] };

let units: TestUnits;
const opened: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  units = await openUnits();
});

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

afterAll(() => units.close());

function openReads(options: Partial<PipelinedReadsOptions> = {}, url = units.url): PipelinedReads {
  const target = { url, directUrl: url, pooler: 'none', poolMax: 2 } as const;
  const reads = new PipelinedReads({
    config: roleConfig(target, 'app'),
    size: 1,
    statementTimeoutMs: 10_000,
    answerTimeoutMs: 20_000,
    ...options,
  });
  opened.push(reads);
  return reads;
}

async function pid(reads: PipelinedReads): Promise<number> {
  return (await reads.read<{ pid: number }>(USER, WHERE))[0]!.pid;
}

async function openProxy(): Promise<SilentProxy> {
  const proxy = await openSilentProxy(units.url);
  opened.push(proxy);
  return proxy;
}

describe('pipelined reads', () => {
  it('share as many connections as they were given', async () => {
    const reads = openReads({ size: 2 });
    const pids = await Promise.all(Array.from({ length: 20 }, () => pid(reads)));
    expect(new Set(pids).size).toBe(2);
  });

  it('take a new connection when the server ends one, and fail what was on it as unavailable', async () => {
    const reads = openReads();
    const first = await pid(reads);
    const waiting = [reads.read(USER, SLEEP), pid(reads)].map((read) => read.catch(translateDatabaseError));
    await units.owner('SELECT pg_terminate_backend($1)', [first]);
    for (const answer of await Promise.all(waiting)) expect(answer).toBeInstanceOf(DatabaseUnavailableError);
    let next: number | undefined;
    while (next === undefined) next = await pid(reads).catch(() => undefined);
    expect(next).not.toBe(first);
  });

  it('give up a connection on which no answer comes, and every read on it', async () => {
    const proxy = await openProxy();
    const reads = openReads({ answerTimeoutMs: 300 }, proxy.url);
    const first = await pid(reads);
    proxy.isSilent = true;
    const answers = await Promise.all(
      [pid(reads), pid(reads)].map((read) => read.catch(translateDatabaseError)),
    );
    for (const answer of answers) expect(answer).toBeInstanceOf(DatabaseUnavailableError);
    proxy.isSilent = false;
    let next: number | undefined;
    while (next === undefined) next = await pid(reads).catch(() => undefined);
    expect(next).not.toBe(first);
  });

  it('fail while no connection can be made, and work once one can', async () => {
    const proxy = await openProxy();
    proxy.isSilent = true;
    const reads = openReads({ answerTimeoutMs: 300 }, proxy.url);
    expect(translateDatabaseError(await pid(reads).catch((error: unknown) => error))).toBeInstanceOf(
      DatabaseUnavailableError,
    );
    proxy.isSilent = false;
    expect(await pid(reads)).toBeGreaterThan(0);
  });

  it('ask the others to come again when the first of a statement could not be parsed in time', async () => {
    const blocker = new pg.Client({ connectionString: units.url });
    await blocker.connect();
    opened.push({ close: () => blocker.end() });
    await blocker.query('BEGIN; LOCK TABLE market.game IN ACCESS EXCLUSIVE MODE');
    const reads = openReads({ statementTimeoutMs: 200 });
    const games = { name: 'games', text: 'SELECT key FROM market.game', values: [] };
    const sent = Array.from({ length: 3 }, () => reads.read(USER, games));
    // The first one prepares the statement for all; those that counted on it were not run and may come again.
    const answers = await Promise.all(sent.map((read) => read.catch(translateDatabaseError)));
    expect(sqlState(answers[0])).toBe('57014');
    for (const answer of answers.slice(1)) expect(answer).toBeInstanceOf(DatabaseUnavailableError);
    await blocker.query('ROLLBACK');
    expect(await Promise.all([reads.read(USER, games), reads.read(USER, games)])).toEqual([
      [{ key: 'dofus' }],
      [{ key: 'dofus' }],
    ]);
  });

  it('refuse to start once closed', async () => {
    const reads = openReads();
    await pid(reads);
    await reads.close();
    expect(translateDatabaseError(await pid(reads).catch((error: unknown) => error))).toBeInstanceOf(
      DatabaseUnavailableError,
    );
  });
});
