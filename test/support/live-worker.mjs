import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import 'reflect-metadata';
import { DatabaseModule, openDatabase } from '../../dist/platform/database/database.module.js';
import { createLogger, LOGGER } from '../../dist/platform/logging/logger.js';
import { postgresBus } from '../../dist/platform/realtime/postgres-bus.js';
import { RealtimeModule } from '../../dist/platform/realtime/realtime.module.js';
import { redisBus } from '../../dist/platform/realtime/redis-bus.js';
import { Rooms } from '../../dist/platform/realtime/rooms.service.js';

// A process without sockets that tells rooms something, from the built realtime room, as a worker of the product does. Each line on
// its standard input is a JSON list `[method, ...arguments]` of Rooms; it prints `ready`, and `viewers <count>` when that is asked.

const settings = JSON.parse(process.argv[2] ?? '{}');
const target = { url: settings.databaseUrl, directUrl: settings.databaseUrl, pooler: 'none', poolMax: 4 };
const { logger } = createLogger({ role: 'worker', logLevel: 'warn' });
const database = await openDatabase(target, []);

class WorldModule {}
class WorkerModule {}
const world = [
  { provide: LOGGER, useValue: logger },
  { provide: Registry, useValue: new Registry() },
];
const openBus =
  settings.redisUrl === undefined ? postgresBus(target, database.system) : redisBus(settings.redisUrl);
Module({})(WorldModule);
Module({
  imports: [
    { module: WorldModule, global: true, providers: world, exports: world },
    DatabaseModule.forRoot(database),
    RealtimeModule.register(false, openBus),
  ],
})(WorkerModule);

const app = await NestFactory.createApplicationContext(WorkerModule, { logger: false });
const rooms = app.get(Rooms);
let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const [method, ...given] = JSON.parse(line);
    const told = rooms[method](...given);
    if (method === 'viewers') process.stdout.write(`viewers ${told}\n`);
  }
});
process.stdin.on('end', () => void app.close().then(() => process.exit(0)));
process.stdout.write('ready\n');
