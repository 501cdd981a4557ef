import { Injectable } from '@nestjs/common';
import { assertMay } from '../auth/assert-may.js';
import { parseInput } from '../http/parse-input.js';
import type { Frames } from './frames.js';
import type { FrameHead } from './gateways.service.js';
import type { LiveSocket } from './live-socket.js';
import { AUTHENTICATE, PING } from './platform.frames.js';
import { anotherAccount } from './realtime.errors.js';
import { UpgradeDoor } from './upgrade-door.service.js';

/** Frames that every gateway understands. */
@Injectable()
export class PlatformFrames {
  constructor(private readonly door: UpgradeDoor) {}

  /** @returns null where the event is none of these */
  handle(
    socket: LiveSocket,
    frames: Frames,
    { event, id, data }: FrameHead & { data: unknown },
  ): Promise<void> | undefined | null {
    if (event === PING.event) {
      const { c } = parseInput(PING.data, data ?? {});
      socket.send('pong', { ...(c === undefined ? {} : { c }), s: Date.now() }, id);
      return undefined;
    }
    return event === AUTHENTICATE.event ? this.renew(socket, frames, data, id) : null;
  }

  /** A socket outlives the token that opened it when its client brings another one of the same account in time. */
  private async renew(
    socket: LiveSocket,
    { permission }: Frames,
    data: unknown,
    id: string | undefined,
  ): Promise<void> {
    const principal = await this.door.principalOf(parseInput(AUTHENTICATE.data, data));
    if (principal.id !== socket.principal.id) throw anotherAccount();
    assertMay(principal, permission);
    socket.principal = principal;
    const { expiresAtMs } = principal;
    socket.send('authenticated', { expiresAt: isoOrNull(expiresAtMs) }, id);
  }
}

export function isoOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
