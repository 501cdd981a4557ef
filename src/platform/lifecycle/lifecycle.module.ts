import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { Role } from '../config/env.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { HousekeepingService } from './housekeeping.service.js';

@Module({})
export class LifecycleModule {
  static forRole(role: Role): DynamicModule {
    const isWorker = role !== 'api';
    return {
      module: LifecycleModule,
      imports: isWorker ? [ScheduleModule.forRoot()] : [],
      controllers: [HealthController],
      providers: [HealthService, ...(isWorker ? [HousekeepingService] : [])],
    };
  }
}
