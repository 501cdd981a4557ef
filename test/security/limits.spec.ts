import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newAddress, newPerson, PASSWORD, type Person } from '../support/people.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// How often what may be guessed can be tried, from which address, and what the answers say of it.

const NATIVE = '/api/v1/market/games';

describe('limits', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  /** Believes the proxy in front what it says of addresses. */
  let proxied: ServerProcess;
  let person: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, RATE_LIMITS: 'on', RATE_LIMIT_PER_MIN: '8' };
    [server, proxied] = await Promise.all([
      startServerProcess(env),
      startServerProcess({ ...env, TRUST_PROXY: '127.0.0.1' }),
    ]);
    person = await newPerson(server.url);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([server.stop(), proxied.stop()]);
    await database.drop();
  });

  const tryPassword = (base: string, email: string, password: string, ip?: string): Promise<Answer> =>
    post(
      base,
      '/api/v1/auth/sign-in',
      { email, password },
      { token: null, headers: ip === undefined ? {} : { 'x-forwarded-for': ip } },
    );

  it('stop the eleventh guess, however the address is written, and say when to come back', async () => {
    const { email } = await newPerson(server.url);
    const statuses: number[] = [];
    for (let guess = 0; guess < 9; guess += 1)
      statuses.push(
        (await tryPassword(server.url, guess % 2 ? email : ` ${email.toUpperCase()}`, 'wrong password'))
          .status,
      );
    expect(statuses).toEqual(new Array(9).fill(401)); // the sign-in above was the first
    const last = await tryPassword(server.url, email, PASSWORD);
    expect(last.status).toBe(429);
    expectProblem(last, 429, 'http/rate-limited');
    const resetS = Number(last.headers.get('retry-after'));
    expect(resetS).toBeGreaterThan(0);
    expect(resetS).toBeLessThanOrEqual(60);
    expect(last.json.retryAfterS).toBe(resetS);
    expect(last.headers.get('ratelimit-policy')).toBe('"sign-in-email";q=10;w=60');
    expect(last.headers.get('ratelimit')).toBe(`"sign-in-email";r=0;t=${resetS}`);
  });

  it('let the owner in from another address while one is stopped', async () => {
    const { email } = await newPerson(server.url);
    const [thief, owner] = ['192.0.2.1', '198.51.100.7'];
    for (let guess = 0; guess < 11; guess += 1)
      await tryPassword(proxied.url, email, 'wrong password', thief);
    expect((await tryPassword(proxied.url, email, PASSWORD, thief)).status).toBe(429);
    expect((await tryPassword(proxied.url, email, PASSWORD, owner)).status).toBe(200);
  });

  it('do not believe what a client says of its address', async () => {
    const { email } = await newPerson(server.url);
    const guess = (ip: string): Promise<Answer> => tryPassword(server.url, email, 'wrong password', ip);
    for (let at = 0; at < 11; at += 1) await guess(`203.0.113.${at}`);
    expect((await guess('203.0.113.99')).status).toBe(429);
    const behind = (ip: string): Promise<Answer> => tryPassword(proxied.url, email, 'x'.repeat(8), ip);
    for (let at = 0; at < 11; at += 1) await behind(`203.0.113.${at}, 198.51.100.50`); // the proxy saw the last
    expect((await behind('203.0.113.98, 198.51.100.50')).status).toBe(429);
  });

  it('take a whole IPv6 network for one client', async () => {
    const { email } = await newPerson(server.url);
    const guess = (ip: string): Promise<Answer> => tryPassword(proxied.url, email, 'wrong password', ip);
    for (let at = 0; at < 11; at += 1) await guess(`2001:db8:7:7::${at + 1}`);
    expect((await guess('2001:db8:7:7:ffff::1')).status).toBe(429);
    expect((await guess('2001:db8:7:8::1')).status).toBe(401);
  });

  it('are counted by all processes together', async () => {
    const { email } = await newPerson(server.url);
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1)
      statuses.push(
        (await tryPassword(guess % 2 ? server.url : proxied.url, email, 'wrong password')).status,
      );
    expect(statuses.filter((status) => status === 401).length).toBe(9);
    expect(statuses.slice(-3)).toEqual([429, 429, 429]);
  });

  it('count what accounts call, and not what the operator’s tokens do', async () => {
    const call = (token: string): Promise<Answer> => get(server.url, NATIVE, { token });
    const first = await call(person.accessToken);
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=8;w=60');
    const left = Number(/r=(\d+)/.exec(first.headers.get('ratelimit') ?? '')?.[1]);
    for (let at = 0; at < left; at += 1) expect((await call(person.accessToken)).status).toBe(200);
    expectProblem(await call(person.accessToken), 429, 'http/rate-limited');
    for (let at = 0; at < 12; at += 1) expect((await call(INGEST_TOKEN)).status).toBe(200);
    expect((await call(INGEST_TOKEN)).headers.get('ratelimit')).toBeNull();
  });

  it('come behind the guard: a stranger is told to sign in, whatever he has used up', async () => {
    for (let at = 0; at < 12; at += 1)
      expect((await get(server.url, NATIVE, { token: null })).status).toBe(401);
  });

  it('stop mails as well', async () => {
    const path = '/api/v1/auth/password-reset';
    const email = newAddress();
    const ask = (): Promise<Answer> => post(server.url, path, { email }, { token: null });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  it.each(['known', 'unknown'])('stop mails by registering an address that is %s', async (which) => {
    const email = which === 'known' ? person.email : newAddress();
    const register = (): Promise<Answer> =>
      post(
        proxied.url,
        '/api/v1/auth/register',
        { email, password: PASSWORD },
        { token: null, headers: { 'x-forwarded-for': '192.0.2.77' } },
      );
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await register()).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  it('slow guesses from everywhere down, and lock nobody out', async () => {
    const { email } = await newPerson(server.url);
    for (let at = 0; at < 14; at += 1)
      expect((await tryPassword(proxied.url, email, 'wrong password', `203.0.113.${100 + at}`)).status).toBe(
        401,
      );
    expect((await tryPassword(proxied.url, email, PASSWORD, '198.51.100.8')).status).toBe(200);
    const tries = await queryRows<{ points: number }>(
      database.url,
      'SELECT points FROM platform.rate_limit WHERE key = $1',
      [`limit:sign-in-tries:${createHash('sha256').update(email).digest('base64url')}`],
    );
    expect(tries).toEqual([{ points: 14 }]);
  });
});
