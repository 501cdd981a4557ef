import { describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { z } from 'zod';
import { openLiveWorld } from '../../../test/support/live-world.js';
import { StartupError } from '../config/startup-error.js';
import { defineFrames, received, sent } from './frames.js';
import type { GatewayOptions } from './gateways.service.js';

const nothing = z.strictObject({});
const declare = (path: string) =>
  defineFrames({
    path,
    title: 'Trial',
    description: 'For tests.',
    permission: 'market:read',
    receives: [received('go', 'Goes.', nothing)],
    sends: [],
  });
const FRAMES = declare('/ws/trial');
const options = { path: FRAMES.path, frames: FRAMES };

class Nobody {
  canActivate(): boolean {
    return false;
  }
}

@WebSocketGateway<GatewayOptions>(options)
class Forgetful {}

@WebSocketGateway<GatewayOptions>(options)
class Inventive {
  @SubscribeMessage('go') go(): void {}
  @SubscribeMessage('fly') fly(): void {}
}

@WebSocketGateway<GatewayOptions>(options)
class Guarded {
  @UseGuards(Nobody)
  @SubscribeMessage('go')
  go(): void {}
}

@UseGuards(Nobody)
@WebSocketGateway<GatewayOptions>(options)
class GuardedWhole {
  @SubscribeMessage('go') go(): void {}
}

@WebSocketGateway<GatewayOptions>(options)
class Right {
  @SubscribeMessage('go') go(): void {}
}

@WebSocketGateway<GatewayOptions>(options)
class Rival {
  @SubscribeMessage('go') go(): void {}
}

@WebSocketGateway({ path: '/ws/trial' })
class Silent {
  @SubscribeMessage('go') go(): void {}
}

describe('a boot', () => {
  it.each([
    ['does not handle go', [Forgetful]],
    ['handles fly, which its frames do not declare', [Inventive]],
    ['has a guard', [Guarded]],
    ['has a guard', [GuardedWhole]],
    ['Two gateways have the path', [Right, Rival]],
    ['needs its frames', [Silent]],
  ])('fails on a gateway that %s', async (what, gateways) => {
    const outcome: unknown = await openLiveWorld(gateways).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(StartupError);
    expect((outcome as Error).message).toContain(what);
  });

  it('goes well with one that does what it says', async () => {
    await (await openLiveWorld([Right])).close();
  });
});

describe('frames', () => {
  it('cannot be declared as something that they are not', () => {
    const given = {
      path: '/ws/x',
      title: '',
      description: '',
      permission: 'market:read' as const,
      receives: [],
      sends: [],
    };
    const frame = received('go', '', nothing);
    expect(() => defineFrames({ ...given, path: '/x' })).toThrow();
    expect(() => defineFrames({ ...given, receives: [frame, frame] })).toThrow(/two frames/);
    expect(() => defineFrames({ ...given, sends: [sent('error', '', nothing)] })).toThrow(/cannot have/);
    expect(() => defineFrames({ ...given, sends: [sent('"x', '', nothing)] })).toThrow(/cannot have/);
    const answered = received('go', '', nothing, { answer: 'gone' });
    expect(() => defineFrames({ ...given, receives: [answered] })).toThrow(/does not declare/);
  });

  it('are unions that take the declared events only', () => {
    expect(FRAMES.received.safeParse({ event: 'go', data: {}, id: '1' }).success).toBe(true);
    for (const bad of [{ event: 'fly', data: {} }, { event: 'go' }, { event: 'go', data: {}, more: 1 }])
      expect(FRAMES.received.safeParse(bad).success).toBe(false);
    expect(FRAMES.sent.safeParse({ event: 'go', data: {} }).success).toBe(false);
  });
});
