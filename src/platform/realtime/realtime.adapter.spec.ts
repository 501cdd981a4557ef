import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { z } from 'zod';
import { LiveClient, RefusedUpgrade, type LiveOptions } from '../../../test/support/live-client.js';
import { type LiveWorld, openLiveWorld, ticketFor } from '../../../test/support/live-world.js';
import { defineFrames, type FrameData, received, sent } from './frames.js';
import type { GatewayOptions, Reply } from './gateways.service.js';
import type { LiveSocket } from './live-socket.js';
import { Rooms } from './rooms.service.js';

const SAY = received('say', 'Says something.', z.strictObject({ text: z.string().max(100_000) }), {
  answer: 'said',
});
const COUNT = received('count', 'Counts once per id.', z.strictObject({ by: z.int() }), {
  answer: 'counted',
  isOnce: true,
});
const WATCH = received('watch', 'Joins the room.', z.strictObject({ from: z.string().optional() }));
const FRAMES = defineFrames({
  path: '/ws/echo',
  title: 'Echo',
  description: 'For tests.',
  permission: 'market:read',
  receives: [SAY, COUNT, WATCH, received('fail', 'Fails.', z.strictObject({}))],
  sends: [
    sent('said', 'What was said.', z.strictObject({ text: z.string() })),
    sent('counted', 'The sum.', z.strictObject({ sum: z.int() })),
    sent('history', 'All that was said.', z.strictObject({ texts: z.array(z.string()) })),
  ],
});

const handled: string[] = [];

@WebSocketGateway<GatewayOptions>({ path: FRAMES.path, frames: FRAMES })
class EchoGateway {
  private sum = 0;
  private readonly texts: string[] = [];

  constructor(private readonly rooms: Rooms) {
    rooms.provide('echo', { snapshot: () => ({ event: 'history', data: { texts: this.texts } }) });
  }

  handleConnection(socket: LiveSocket): void {
    handled.push(socket.principal.name);
  }

  @SubscribeMessage('say')
  say(_socket: LiveSocket, { text }: FrameData<typeof SAY>): Reply {
    this.texts.push(text);
    this.rooms.publish('echo:all', 'said', { text });
    return { event: 'said', data: { text } };
  }

  @SubscribeMessage('count')
  async count(_socket: LiveSocket, { by }: FrameData<typeof COUNT>): Promise<Reply> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.sum += by;
    return { event: 'counted', data: { sum: this.sum } };
  }

  @SubscribeMessage('watch')
  async watch(socket: LiveSocket, { from }: FrameData<typeof WATCH>): Promise<void> {
    await this.rooms.join(socket, 'echo:all', from);
  }

  @SubscribeMessage('fail')
  fail(): void {
    throw new Error('a secret of the house');
  }
}
let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld([EchoGateway], {
    CORS_ORIGINS: 'https://app.example.org',
  });
});
afterAll(() => world.close());

const open = (options: LiveOptions): Promise<LiveClient> => LiveClient.open(world.url, FRAMES, options);
const refusal = async (options: LiveOptions): Promise<RefusedUpgrade> => {
  const before = handled.length;
  const outcome: unknown = await open(options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(RefusedUpgrade);
  expect(handled.length).toBe(before); // nothing of the gateway has run
  return outcome as RefusedUpgrade;
};

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
});

describe('a message', () => {
  it('is answered by its id, with what is wrong where something is', async () => {
    const client = await open({ token: 'token-of-ben' });
    expect(await client.ask('say', { text: 'hä' })).toMatchObject({ event: 'said', data: { text: 'hä' } });
    expect((await client.ask('say', { text: 7 })).data).toMatchObject({
      status: 400,
      errors: [{ pointer: '/text' }],
    });
    const failed = await client.ask('fail', {});
    expect(failed.data).toMatchObject({ status: 500, code: 'http/internal' });
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect((await client.ask('dance', {})).data).toMatchObject({ code: 'realtime/unknown-event' });
    client.close();
  });
});
