import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Dispatcher } from './dispatcher.service.js';
import { Gateways } from './gateways.service.js';
import { LiveSockets } from './live-sockets.service.js';
import { PlatformFrames } from './platform-frames.service.js';
import { RealtimeFigures } from './realtime-figures.js';
import { RealtimeMetrics } from './realtime-metrics.service.js';
import { Rooms } from './rooms.service.js';
import { UpgradeDoor } from './upgrade-door.service.js';

/**
 * Sockets of clients, only where requests are answered: domains register gateways there alone. Rooms are everywhere: a job may tell
 * those in a room what it has done.
 */
@Module({})
export class RealtimeModule {
  static register(isServing: boolean): DynamicModule {
    const doors = [Gateways, UpgradeDoor, LiveSockets, PlatformFrames, Dispatcher, RealtimeMetrics];
    return {
      module: RealtimeModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [RealtimeFigures, Rooms, ...(isServing ? doors : [])],
      exports: [Rooms, ...(isServing ? [Gateways, UpgradeDoor, LiveSockets, Dispatcher] : [])],
    };
  }
}
