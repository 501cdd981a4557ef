import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { FrameData } from '../../platform/realtime/frames.js';
import type { GatewayOptions } from '../../platform/realtime/gateways.service.js';
import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import { LiveRuns } from './live-runs.service.js';
import {
  type FINISH,
  type FIX,
  type LAP,
  type PAUSE,
  RACE_FRAMES,
  type RACE_JOIN,
  type RESUME,
  type UNWATCH_RACE,
  type WATCH_RACE,
} from './race.frames.js';
import { RaceRooms } from './race-rooms.service.js';
import { RaceStarts } from './race-starts.service.js';

/** Runs as they are recorded, and races as they are run. */
@WebSocketGateway<GatewayOptions>({ path: RACE_FRAMES.path, frames: RACE_FRAMES })
export class RaceGateway {
  constructor(
    private readonly runs: LiveRuns,
    private readonly starts: RaceStarts,
    private readonly rooms: RaceRooms,
  ) {}

  @SubscribeMessage('race.join')
  async join(socket: LiveSocket, wish: FrameData<typeof RACE_JOIN>): Promise<void> {
    await this.starts.start(socket.principal, wish);
    await this.runs.race(socket, wish.runId, wish.from);
  }

  @SubscribeMessage('fix')
  fix(socket: LiveSocket, { runId, f }: FrameData<typeof FIX>): Promise<void> | undefined {
    return this.runs.take(socket, runId, f);
  }

  @SubscribeMessage('pause')
  pause(socket: LiveSocket, { runId, seq, at }: FrameData<typeof PAUSE>): Promise<void> {
    return this.runs.press(socket, runId, { kind: 'pause', seq, atMs: at });
  }

  @SubscribeMessage('resume')
  resume(socket: LiveSocket, { runId, seq, at }: FrameData<typeof RESUME>): Promise<void> {
    return this.runs.press(socket, runId, { kind: 'resume', seq, atMs: at });
  }

  @SubscribeMessage('lap')
  lap(socket: LiveSocket, { runId, seq, at }: FrameData<typeof LAP>): Promise<void> {
    return this.runs.press(socket, runId, { kind: 'lap', seq, atMs: at });
  }

  @SubscribeMessage('finish')
  finish(socket: LiveSocket, { runId, lastSeq, at }: FrameData<typeof FINISH>): Promise<void> {
    return this.runs.finish(socket, runId, { lastSeq, at });
  }

  @SubscribeMessage('watch')
  watch(socket: LiveSocket, { raceId, token, from }: FrameData<typeof WATCH_RACE>): Promise<void> {
    return this.rooms.watch(socket, raceId, token, from);
  }

  @SubscribeMessage('unwatch')
  unwatch(socket: LiveSocket, { raceId }: FrameData<typeof UNWATCH_RACE>): void {
    this.rooms.unwatch(socket, raceId);
  }

  handleDisconnect(socket: LiveSocket): void {
    this.runs.leave(socket);
  }
}
