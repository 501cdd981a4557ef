import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ECHO_FRAMES, EchoGateway, reached } from '../../../test/support/echo-gateway.js';
import { LiveClient, RefusedUpgrade, type LiveOptions } from '../../../test/support/live-client.js';
import { type LiveWorld, openLiveWorld, ticketFor } from '../../../test/support/live-world.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { RawConnection } from '../../../test/support/raw-socket.js';

@Controller()
class PlainController {
  @Get('plain') plain(): object {
    return { plain: true };
  }
  @Get('slow') async slow(): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { slow: true };
  }
  @Post('plain') echo(@Body() body: object): object {
    return body;
  }
}

let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld([EchoGateway], { CORS_ORIGINS: 'https://app.example.org' }, [PlainController]);
});
afterAll(() => world.close());

const open = (options: LiveOptions): Promise<LiveClient> => LiveClient.open(world.url, ECHO_FRAMES, options);

/** The answer instead of a socket; nothing of the gateway has run. */
async function refusal(options: LiveOptions, path = ECHO_FRAMES.path): Promise<RefusedUpgrade> {
  const before = reached.length;
  const outcome: unknown = await LiveClient.open(world.url, { ...ECHO_FRAMES, path }, options).catch(
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(RefusedUpgrade);
  expect(reached.length).toBe(before);
  return outcome as RefusedUpgrade;
}

describe('a handshake', () => {
  it('lets in whoever brings a token or, once, a ticket, and says what the socket may do', async () => {
    const byToken = await open({ token: 'token-of-ann' });
    const ticket = ticketFor('ann');
    const byTicket = await open({ ticket });
    expect(byTicket.socket.protocol).toBe('guildhall.v1'); // and never the ticket
    for (const client of [byToken, byTicket]) {
      const { data } = await client.next('welcome', ({ event }) => event === 'welcome');
      expect(data.limits).toEqual({ payloadBytes: 65_536, messagesPerS: 20, messageBurst: 40 });
      client.close();
    }
    expect(await refusal({ ticket })).toMatchObject({ status: 401, body: { code: 'auth/invalid-token' } });
  });

  it('is refused before there is a socket, with the reason', async () => {
    const unauthorised = { status: 401, body: { code: 'auth/missing-token' } };
    expect(await refusal({})).toMatchObject(unauthorised);
    expect(await refusal({ token: 'nobody' })).toMatchObject({
      status: 401,
      body: { code: 'auth/invalid-token' },
    });
    expect(await refusal({ token: 'token-of-stranger' })).toMatchObject({
      status: 403,
      body: { code: 'auth/forbidden' },
    });
    expect(await refusal({ token: 'token-of-ann' }, '/ws/nowhere')).toMatchObject({
      status: 404,
      body: { code: 'realtime/no-gateway' },
    });
    expect((await refusal({})).headers['www-authenticate']).toBe('Bearer');
  });

  it('looks at no ticket and no token in the URL', async () => {
    const ticket = ticketFor('ann');
    for (const name of ['ticket', 'token', 'access_token', 'authorization'])
      expect(await refusal({}, `/ws/echo?${name}=${ticket}&x=token-of-ann`)).toMatchObject({ status: 401 });
    expect(world.people.redeemed).not.toContain(ticket);
  });

  it('spends no ticket on what would fail anyway', async () => {
    const ticket = ticketFor('ann');
    const offers = [`ticket.${ticket}`];
    expect(await refusal({ protocols: offers })).toMatchObject({
      status: 400,
      body: { code: 'realtime/bad-handshake' },
    });
    const two = { protocols: ['guildhall.v1', ...offers, `ticket.${ticketFor('ann')}`] };
    expect(await refusal(two)).toMatchObject({ status: 401 });
    expect(await refusal({ ticket, token: 'token-of-ann' })).toMatchObject({ status: 401 });
    expect(await refusal({ ticket, origin: 'https://evil.example.org' })).toMatchObject({ status: 403 });
    const raw = new RawConnection(world.url);
    await raw.write(
      `GET /ws/echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 12\r\n` +
        `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: guildhall.v1, ticket.${ticket}\r\n\r\n`,
    );
    await raw.closed;
    expect(raw.answers()[0]!.status).toBe(400);
    expect(world.people.redeemed).not.toContain(ticket);
    (await open({ ticket })).close();
  });

  it('is for pages of our own and of CORS_ORIGINS, and for what is no page', async () => {
    for (const origin of [
      'https://evil.example.org',
      'null',
      'http://127.0.0.1:1',
      'https://app.example.org.evil.org',
    ])
      expect(await refusal({ token: 'token-of-ann', origin })).toMatchObject({
        status: 403,
        body: { code: 'realtime/foreign-origin' },
      });
    for (const origin of ['https://app.example.org', world.url]) {
      const client = await open({ token: 'token-of-ann', origin });
      client.close();
      await client.closed;
    }
  });

  it('is refused to an account that has five sockets, however fast it asks', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, () => open({ token: 'token-of-many' })),
    );
    const opened = outcomes.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
    expect(opened.length).toBe(5);
    for (const one of outcomes)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ status: 429, body: { code: 'realtime/too-many-sockets' } });
    const other = await open({ token: 'token-of-other' });
    opened[0]!.close();
    await opened[0]!.closed;
    const again = await open({ token: 'token-of-many' });
    for (const client of [...opened, other, again]) client.close();
  });
});

describe('a request that would rather be something else than HTTP/1.1', () => {
  const wish = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';

  it('is answered as it is without the wish, with its body and what follows it', async () => {
    const raw = new RawConnection(world.url);
    const body = JSON.stringify({ text: 'ä'.repeat(30_000) });
    const length = Buffer.byteLength(body);
    const requests = [
      `GET /plain HTTP/1.1\r\nHost: x\r\n${wish}\r\n`,
      `POST /plain HTTP/1.1\r\nHost: x\r\n${wish}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
      'GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ];
    for (const [index, request] of requests.entries()) {
      await raw.write(request);
      await waitUntil('it is answered', 5_000, () => raw.answers().length > index);
    }
    await raw.closed;
    const answers = raw.answers();
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 200]);
    expect(answers[1]!.body === body).toBe(true); // sixty kilobytes, of which no failure should tell
  });

  it('is cut when it is a socket, while requests before it wait for their answers', async () => {
    const raw = new RawConnection(world.url);
    const upgrade =
      'GET /ws/echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer token-of-ann\r\n\r\n';
    await raw.write(`GET /slow HTTP/1.1\r\nHost: x\r\n\r\n${upgrade}`);
    await raw.closed;
    expect(raw.received).toBe('');
    expect((await fetch(`${world.url}/plain`)).status).toBe(200);
  });
});

describe('a message', () => {
  it('is answered by its id, with what is wrong where something is', async () => {
    const client = await open({ token: 'token-of-ben' });
    expect(await client.ask('say', { text: 'hä' })).toMatchObject({ event: 'said', data: { text: 'hä' } });
    expect(await client.ask('move', { who: 'ben', at: 1 })).toMatchObject({ event: 'done', data: {} });
    expect(await client.ask('say', { text: 7 })).toMatchObject({
      event: 'error',
      data: { status: 400, errors: [{ pointer: '/text' }] },
    });
    const failed = await client.ask('fail', {});
    expect(failed.data).toMatchObject({ status: 500, code: 'http/internal' });
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect((await client.ask('dance', {})).data).toMatchObject({ code: 'realtime/unknown-event' });
    expect((await client.ask('ping', { c: 12 })).data).toMatchObject({ c: 12, s: expect.any(Number) });
    client.close();
  });

  it('that is no frame is refused, and the socket stays', async () => {
    const client = await open({ token: 'token-of-cid' });
    const texts = ['', '[', 'null', '7', '[]', '{"data":1}', '{"event":7}', '{"event":"ping","id":""}'];
    const long = JSON.stringify({ event: 'ping', id: 'x'.repeat(65) });
    for (const text of [...texts, long, '{"event":"ping","x":1}', '{"event":"__proto__"}'])
      client.sendText(text);
    expect((await client.ask('ping')).event).toBe('pong');
    expect(client.of('error').length).toBe(texts.length + 3);
    client.close();
  });

  it('waits for the one before it on the same socket, and for no other', async () => {
    const [slow, quick] = await Promise.all([
      open({ token: 'token-of-dan' }),
      open({ token: 'token-of-eve' }),
    ]);
    slow.send('wait', {}, 'first');
    slow.send('ping', {}, 'second');
    await quick.ask('ping');
    expect(slow.of('done')).toEqual([]);
    await slow.next('the second answer', ({ id }) => id === 'second');
    expect(slow.frames.map(({ id }) => id).filter((id) => id !== undefined)).toEqual(['first', 'second']);
    for (const client of [slow, quick]) client.close();
  });

  it('that is done once is done once however often it comes, also on another socket', async () => {
    const first = await open({ token: 'token-of-fay' });
    for (let time = 0; time < 3; time += 1) first.send('count', { by: 5 }, 'once');
    await first.next('three answers', () => first.of('counted').length === 3);
    first.close();
    const second = await open({ token: 'token-of-fay' });
    second.send('count', { by: 5 }, 'once');
    const { data } = await second.next('the same answer', ({ event }) => event === 'counted');
    expect(first.of('counted').map((frame) => frame.data)).toEqual([data, data, data]);
    second.send('count', { by: 6 }, 'once');
    expect((await second.next('a refusal', ({ event }) => event === 'error')).data).toMatchObject({
      status: 422,
      code: 'realtime/reused-id',
    });
    const other = await open({ token: 'token-of-gus' });
    other.send('count', { by: 1 }, 'once'); // an id of one's own is nobody else's
    expect((await other.next('counted', ({ event }) => event === 'counted')).data.sum).toBe(data.sum + 1);
    for (const client of [second, other]) client.close();
  });
});
