import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { z } from 'zod';
import { defineFrames, type FrameData, received, sent } from '../../src/platform/realtime/frames.js';
import type { GatewayOptions, Reply } from '../../src/platform/realtime/gateways.service.js';
import type { LiveSocket } from '../../src/platform/realtime/live-socket.js';
import { Rooms } from '../../src/platform/realtime/rooms.service.js';

const text = z.strictObject({ text: z.string().max(100_000) });
const SAY = received('say', 'Says something to the caller and to the room.', text, { answer: 'said' });
const COUNT = received('count', 'Adds once per id.', z.strictObject({ by: z.int() }), {
  answer: 'counted',
  isOnce: true,
});
const WATCH = received(
  'watch',
  'Joins a room.',
  z.strictObject({ room: z.string(), from: z.string().optional() }),
);
const MOVE = received('move', 'Tells the room a state.', z.strictObject({ who: z.string(), at: z.int() }));
const FLOOD = received(
  'flood',
  'Sends the caller so many frames of so many bytes.',
  z.strictObject({ frames: z.int(), bytes: z.int(), isLatest: z.boolean() }),
  { answer: 'flooded' },
);
const NOTHING = z.strictObject({});

export const ECHO_FRAMES = defineFrames({
  path: '/ws/echo',
  title: 'Echo',
  description: 'For tests.',
  permission: 'market:read',
  receives: [
    SAY,
    COUNT,
    WATCH,
    MOVE,
    FLOOD,
    received('fail', 'Fails.', NOTHING),
    received('wait', 'Takes a while.', NOTHING),
  ],
  sends: [
    sent('said', 'What was said.', text),
    sent('counted', 'The sum.', z.strictObject({ sum: z.int() })),
    sent('history', 'All that was said.', z.strictObject({ texts: z.array(z.string()) })),
    sent('moved', 'Where somebody is.', z.strictObject({ who: z.string(), at: z.int() })),
    sent('flooded', 'All is sent.', z.strictObject({ frames: z.int() })),
    sent('filler', 'Something long.', z.strictObject({ number: z.int(), text: z.string() })),
  ],
});

/** What has reached the gateway, for tests that nothing may. */
export const reached: string[] = [];

/** Does what a gateway may do, for the tests of the room. */
@WebSocketGateway<GatewayOptions>({ path: ECHO_FRAMES.path, frames: ECHO_FRAMES })
export class EchoGateway {
  private sum = 0;
  private readonly texts: string[] = [];

  constructor(private readonly rooms: Rooms) {
    rooms.provide('echo', {
      snapshot: () => ({ event: 'history', data: { texts: [...this.texts] } }),
      hasPresence: true,
    });
  }

  handleConnection(socket: LiveSocket): void {
    reached.push(socket.principal.name);
  }

  @SubscribeMessage('say')
  say(_socket: LiveSocket, { text: said }: FrameData<typeof SAY>): Reply {
    this.texts.push(said);
    this.rooms.publish('echo:all', 'said', { text: said });
    return { event: 'said', data: { text: said } };
  }

  @SubscribeMessage('count')
  async count(_socket: LiveSocket, { by }: FrameData<typeof COUNT>): Promise<Reply> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.sum += by;
    return { event: 'counted', data: { sum: this.sum } };
  }

  @SubscribeMessage('watch')
  async watch(socket: LiveSocket, { room, from }: FrameData<typeof WATCH>): Promise<void> {
    await this.rooms.join(socket, `echo:${room}`, from);
  }

  @SubscribeMessage('move')
  move(_socket: LiveSocket, { who, at }: FrameData<typeof MOVE>): void {
    this.rooms.publishLatest('echo:all', who, 'moved', { who, at });
  }

  @SubscribeMessage('flood')
  flood(socket: LiveSocket, { frames, bytes, isLatest }: FrameData<typeof FLOOD>): Reply {
    const filler = 'x'.repeat(bytes);
    for (let number = 1; number <= frames; number += 1) {
      const data = { number, text: filler };
      if (isLatest) socket.sendLatest('filler', 'filler', data);
      else socket.send('filler', data);
    }
    return { event: 'flooded', data: { frames } };
  }

  @SubscribeMessage('fail')
  fail(): void {
    throw new Error('a secret of the house');
  }

  @SubscribeMessage('wait')
  async wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
