import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { eventSink } from './event-sink.js';
import { type EventStream, EventStreams, MOST_STREAMS } from './event-streams.service.js';
import { eventBytes } from './event-text.js';

let server: Server;
let streams: EventStreams;
let opened: EventStream[];
let closed: number;
let caller: Principal;
let registry: Registry;
const revoked = new Set<string>();
const authenticator = { isRevoked: ({ id }: Principal) => revoked.has(id) } as Authenticator;

const anAccount = (given: Partial<Principal> = {}): Principal => ({
  id: 'somebody',
  kind: 'account',
  name: 'somebody',
  permissions: new Set(),
  ...given,
});

beforeEach(async () => {
  [opened, closed, caller] = [[], 0, anAccount()];
  revoked.clear();
  registry = new Registry();
  streams = new EventStreams({ info: () => undefined }, registry, authenticator);
  server = createServer((_request, response) => {
    try {
      opened.push(streams.open(caller, eventSink(response), () => void (closed += 1)));
    } catch (error) {
      response.statusCode = 429;
      response.end((error as { code: string }).code);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  streams.beforeApplicationShutdown();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

class Client {
  text = '';
  isOver = false;

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('error', () => undefined);
    response.on('data', (text: string) => (this.text += text));
    response.on('close', () => (this.isOver = true));
  }

  static open(): Promise<Client> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      get({ port, agent: false }, (response) => resolve(new Client(response))).on('error', reject);
    });
  }
}

describe('a stream of events', () => {
  it('begins at once, brings what is sent and is forgotten when its client leaves', async () => {
    const client = await Client.open();
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
    });
    opened[0]!.send(eventBytes('price', '7', '{"a":1}'));
    await waitUntil('it arrives', 5_000, () =>
      client.text.includes('event: price\nid: 7\ndata: {"a":1}\n\n'),
    );
    client.response.destroy();
    await waitUntil('it is forgotten', 5_000, () => closed === 1);
    expect(await registry.metrics()).toContain('event_streams_open 0');
    opened[0]!.send(eventBytes('price', '8', '{}')); // nobody is there
  });

  it('of one account are so many; those of a service are not counted', async () => {
    for (let index = 0; index < MOST_STREAMS; index += 1) await Client.open();
    const refused = await Client.open();
    await waitUntil('it is refused', 5_000, () => refused.isOver);
    expect([refused.response.statusCode, refused.text]).toEqual([429, 'http/too-many-streams']);
    caller = anAccount({ id: 'other' });
    expect((await Client.open()).response.statusCode).toBe(200);
    caller = anAccount({ kind: 'service' });
    expect((await Client.open()).response.statusCode).toBe(200);
  });

  it.each([
    ['is taken back', anAccount(), (): unknown => revoked.add('somebody')],
    ['ends', anAccount({ expiresAtMs: Date.now() + 100 }), (): unknown => undefined],
  ] as const)('ends with a reason when its token %s', async (_when, who, happen) => {
    caller = who;
    const client = await Client.open();
    expect(client.isOver).toBe(false);
    void happen();
    await waitUntil('it ends', 10_000, () => client.isOver && closed === 1);
    expect(client.text).toMatch(/event: end\ndata: \{"reason":"token-ended"\}\n\n$/);
  });

  it('ends with a reason at shutdown, and none begins after that', async () => {
    const client = await Client.open();
    streams.beforeApplicationShutdown();
    await waitUntil('it ends', 5_000, () => client.isOver);
    expect(client.text).toContain('{"reason":"shutting-down"}');
    const late = await Client.open();
    await waitUntil('it is refused', 5_000, () => late.isOver);
    expect(late.text).toBe('http/streams-full');
  });

  it('whose client does not read is ended, with a bound on what waits, and the others go on', async () => {
    const slow = await Client.open();
    slow.response.pause();
    const quick = await Client.open();
    const event = eventBytes('price', '1', JSON.stringify('x'.repeat(100_000)));
    let sent = 0;
    await waitUntil('the slow one is dropped', 20_000, () => {
      for (let index = 0; index < 5; index += 1, sent += 1) for (const stream of opened) stream.send(event);
      return closed > 0;
    });
    expect(await registry.metrics()).toContain('event_streams_ended_total{reason="too-slow"} 1');
    await waitUntil('the other has all', 10_000, () => quick.text.split('event: price').length === sent + 1);
    expect(quick.isOver).toBe(false);
  }, 30_000);
});
