import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Registry } from 'prom-client';
import { PrincipalResolver } from '../../src/platform/auth/principal-resolver.js';
import { ENV } from '../../src/platform/config/config.module.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { DatabaseModule, openDatabase } from '../../src/platform/database/database.module.js';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { createLogger, LOGGER } from '../../src/platform/logging/logger.js';
import type { FrameData } from '../../src/platform/realtime/frames.js';
import type { GatewayOptions } from '../../src/platform/realtime/gateways.service.js';
import type { LiveSocket } from '../../src/platform/realtime/live-socket.js';
import { postgresBus } from '../../src/platform/realtime/postgres-bus.js';
import { RealtimeAdapter } from '../../src/platform/realtime/realtime.adapter.js';
import { RealtimeModule } from '../../src/platform/realtime/realtime.module.js';
import { redisBus } from '../../src/platform/realtime/redis-bus.js';
import { Rooms } from '../../src/platform/realtime/rooms.service.js';
import {
  type MOVE,
  type ServerRequest,
  TRIAL_FRAMES,
  TRIAL_TOKEN,
  type WATCH,
} from '../support/race-fanout.js';
import { answerRequests } from '../support/worker.js';

// An API process with the realtime room as the product has it, and a gateway that does nothing but tell a race where its runner is.

const HTTP_LIMITS = {
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16_384,
};

@WebSocketGateway<GatewayOptions>({ path: TRIAL_FRAMES.path, frames: TRIAL_FRAMES })
class TrialGateway {
  constructor(private readonly rooms: Rooms) {
    rooms.provide('trial', { snapshot: () => ({ event: 'snapshot', data: {} }) });
  }

  @SubscribeMessage('watch')
  async watch(socket: LiveSocket, { race }: FrameData<typeof WATCH>): Promise<void> {
    await this.rooms.join(socket, `trial:${race}`);
  }

  @SubscribeMessage('move')
  move(_socket: LiveSocket, move: FrameData<typeof MOVE>): void {
    this.rooms.publishLatest(`trial:${move.race}`, 'runner', 'moved', move);
  }
}

answerRequests(async ({ databaseUrl, redisUrl }: ServerRequest): Promise<string> => {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 10 } as const;
  const database = await openDatabase(target, []);
  const env = parseEnvironment({ NODE_ENV: 'test', READ_API_TOKEN: TRIAL_TOKEN });
  const { logger } = createLogger({ role: 'api', logLevel: 'warn' });
  const world = [
    { provide: ENV, useValue: env },
    { provide: LOGGER, useValue: logger },
    { provide: Registry, useValue: new Registry() },
    PrincipalResolver,
  ];
  const openBus = redisUrl === null ? postgresBus(target, database.system) : redisBus(redisUrl);

  @Module({})
  class WorldModule {}
  @Module({})
  class TrialModule {}

  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: TrialModule,
      imports: [
        { module: WorldModule, global: true, providers: world, exports: world },
        DatabaseModule.forRoot(database),
        RealtimeModule.register(true, openBus),
      ],
      providers: [TrialGateway],
    },
    new FastExpressAdapter(HTTP_LIMITS),
    { logger: false, abortOnError: false },
  );
  app.useWebSocketAdapter(new RealtimeAdapter(app, env.realtime.payloadBytes));
  await app.listen(0, '127.0.0.1');
  return `ws://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
