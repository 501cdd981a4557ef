import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Dispatcher } from './dispatcher.service.js';
import { Fanout } from './fanout.service.js';
import { OPEN_BUS, type OpenBus } from './fanout-bus.js';
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
  /** @param openBus how processes tell each other; undefined = there is one process */
  static register(isServing: boolean, openBus?: OpenBus): DynamicModule {
    const doors = [Gateways, UpgradeDoor, LiveSockets, PlatformFrames, Dispatcher, RealtimeMetrics];
    return {
      module: RealtimeModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: OPEN_BUS, useValue: openBus },
        RealtimeFigures,
        Fanout,
        Rooms,
        ...(isServing ? doors : []),
      ],
      exports: [Rooms, ...(isServing ? [Gateways, UpgradeDoor, LiveSockets, Dispatcher] : [])],
    };
  }
}
