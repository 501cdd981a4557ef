import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ECHO_FRAMES, EchoGateway } from '../../../test/support/echo-gateway.js';
import { LiveClient, type LiveOptions } from '../../../test/support/live-client.js';
import { type LiveWorld, openLiveWorld, ticketFor } from '../../../test/support/live-world.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { LiveSockets } from './live-sockets.service.js';

let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld([EchoGateway], {
    WS_PING_S: '1',
    WS_SOCKETS_PER_USER: '3000',
    RATE_LIMITS: 'off',
  });
});
afterAll(() => world.close());

const open = (options: LiveOptions): Promise<LiveClient> => LiveClient.open(world.url, ECHO_FRAMES, options);
const sockets = (): LiveSockets => world.app.get(LiveSockets);

describe('a client that sends what it may not', () => {
  it('is closed for a message of more than 64 kB, and not for one of less', async () => {
    const client = await open({ token: 'token-of-ann' });
    expect((await client.ask('say', { text: 'x'.repeat(65_000) })).event).toBe('said');
    client.sendText(JSON.stringify({ event: 'say', data: { text: 'x'.repeat(66_560) } }));
    expect((await client.closed).code).toBe(1009);
  });

  it('is closed for one that is no text', async () => {
    const client = await open({ token: 'token-of-ann' });
    client.socket.send(Buffer.from('{"event":"ping"}'));
    expect((await client.closed).code).toBe(1003);
  });

  it('is closed for too many messages, and nobody else is held up', async () => {
    const [flooding, quiet] = await Promise.all([
      open({ token: 'token-of-bad' }),
      open({ token: 'token-of-ben' }),
    ]);
    const flood = setInterval(() => {
      for (let sent = 0; sent < 200 && flooding.code === undefined; sent += 1)
        flooding.send('move', { who: 'x', at: sent });
    }, 1);
    for (let asked = 0; asked < 15; asked += 1) expect((await quiet.ask('ping')).event).toBe('pong');
    const { code } = await flooding.closed;
    clearInterval(flood);
    expect(code).toBe(4429);
    expect(flooding.of('error').at(-1)!.data).toMatchObject({
      status: 429,
      code: 'realtime/too-many-messages',
    });
    expect(quiet.code).toBeUndefined();
    quiet.close();
  });
});

describe('a client that does not read', () => {
  it('is closed when a megabyte waits for it, and holds no more than that', async () => {
    const client = await open({ token: 'token-of-cid' });
    client.socket.pause();
    const before = process.memoryUsage.rss();
    client.send('flood', { frames: 64_000, bytes: 1_000, isLatest: false }); // 64 MB, if it were kept
    await waitUntil(
      'it is gone',
      20_000,
      () =>
        sockets().figures.closes.get(1006) !== undefined || client.code !== undefined || sockets().size === 0,
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1_048_576);
    client.socket.resume();
    const { code } = await client.closed;
    expect([1013, 1006]).toContain(code); // 1006 where the connection was cut before it came to read the reason
  });

  it('reads 1013 when it reads on in time', async () => {
    const client = await open({ token: 'token-of-cid' });
    client.socket.pause();
    client.send('flood', { frames: 20_000, bytes: 1_000, isLatest: false });
    await sleep(300);
    client.socket.resume();
    expect((await client.closed).code).toBe(1013);
  });

  it('is told the newest state when it reads on, and everything that must arrive', async () => {
    const client = await open({ token: 'token-of-dan' });
    client.socket.pause();
    client.send('flood', { frames: 50_000, bytes: 1_000, isLatest: true }, 'all'); // 50 MB of states
    const conflated = sockets().figures.conflated;
    await waitUntil('states give way', 20_000, () => sockets().figures.conflated > conflated + 1_000);
    client.socket.resume();
    await client.next('its answer', ({ id }) => id === 'all');
    const last = await client.next(
      'the newest state',
      ({ event, data }) => event === 'filler' && data.number === 50_000,
    );
    const numbers = client.of('filler').map(({ data }) => data.number as number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.length).toBeLessThan(50_000);
    expect(last).toBe(client.of('filler').at(-1));
    expect(client.code).toBeUndefined();
    client.close();
  });
});

describe('a socket is ended', () => {
  it('when its peer gives no sign of life, and not when it is merely quiet', async () => {
    const [silent, quiet] = await Promise.all([
      open({ token: 'token-of-eve' }),
      open({ token: 'token-of-fay' }),
    ]);
    const startedMs = performance.now();
    silent.socket.pause(); // reads no ping, so it sends no pong, as a process that was stopped
    const before = sockets().size;
    await waitUntil('the silent one is gone', 20_000, () => sockets().size < before);
    expect(performance.now() - startedMs).toBeGreaterThan(2_000);
    expect((await quiet.ask('ping')).event).toBe('pong');
    for (const client of [silent, quiet]) client.close();
  });

  it('within a second after its session was revoked, and gets no further frame', async () => {
    const [gone, other] = await Promise.all([
      open({ token: 'token-of-gus' }),
      open({ token: 'token-of-hal' }),
    ]);
    for (const client of [gone, other]) await client.ask('watch', { room: 'all' });
    world.people.revoked.add('session-of-gus');
    const startedMs = performance.now();
    const { code } = await gone.closed;
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(code).toBe(4401);
    const count = gone.frames.length;
    await other.ask('say', { text: 'not for everybody' });
    await sleep(100);
    expect(gone.frames.length).toBe(count);
    other.close();
  });

  it('when its token ends, unless another one of the same account was brought', async () => {
    world.people.endsAtMs.set('ida', Date.now() + 1_500);
    const [left, renewed] = await Promise.all([
      open({ token: 'token-of-ida' }),
      open({ token: 'token-of-ida' }),
    ]);
    const { data } = await left.next('welcome', ({ event }) => event === 'welcome');
    expect(Date.parse(data.expiresAt)).toBe(world.people.endsAtMs.get('ida'));
    expect((await renewed.ask('authenticate', { token: 'token-of-hal' })).data).toMatchObject({
      status: 403,
      code: 'realtime/another-account',
    });
    expect((await renewed.ask('authenticate', { token: 'nobody' })).data).toMatchObject({ status: 401 });
    world.people.endsAtMs.delete('ida');
    expect(await renewed.ask('authenticate', { ticket: ticketFor('ida') })).toMatchObject({
      event: 'authenticated',
      data: { expiresAt: null },
    });
    expect((await left.closed).code).toBe(4401);
    expect((await renewed.ask('ping')).event).toBe('pong');
    renewed.close();
  });

  it('when a signing key was stolen: whoever was let in by a token may have forged it', async () => {
    const client = await open({ token: 'token-of-jon' });
    world.people.epoch += 1;
    expect((await client.closed).code).toBe(4401);
  });
});

describe('two thousand sockets', () => {
  it('that say nothing are kept and keep nobody out', async () => {
    const idle: LiveClient[] = [];
    for (let round = 0; round < 20; round += 1)
      idle.push(...(await Promise.all(Array.from({ length: 100 }, () => open({ token: 'token-of-kim' })))));
    expect(sockets().size).toBeGreaterThanOrEqual(2_000);
    await sleep(3_000); // or those that did not answer would be gone
    const late = await open({ token: 'token-of-lea' });
    expect((await late.ask('ping')).event).toBe('pong');
    expect(idle.filter(({ code }) => code !== undefined)).toEqual([]);
    for (const client of [...idle, late]) client.close();
    await waitUntil('all are gone', 20_000, () => sockets().size === 0);
  });
});
