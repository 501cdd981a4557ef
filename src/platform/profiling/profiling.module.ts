import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Env } from '../config/env.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { PerformanceLogRepository } from './performance-log.repository.js';
import { PerformanceSink } from './performance-sink.service.js';
import { ProfileInterceptor } from './profile.interceptor.js';
import { Profiler } from './profiler.service.js';
import { PROFILING_LOG, type ProfilingLog } from './profiling-log.js';
import { ProfilingController } from './profiling.controller.js';
import { ProfilingHousekeeping } from './profiling-housekeeping.service.js';
import { ProfilingData } from './profiling-data.handler.js';
import { ProfilingReadRepository } from './profiling-read.repository.js';
import { ProfilingReadService } from './profiling-read.service.js';
import { RequestRecorder } from './request-recorder.service.js';

@Module({})
export class ProfilingModule {
  static forRoot(env: Env, log: ProfilingLog): DynamicModule {
    return {
      module: ProfilingModule,
      global: true,
      controllers: env.role === 'worker' ? [MetricsController] : [MetricsController, ProfilingController],
      providers: [
        { provide: PROFILING_LOG, useValue: log },
        { provide: Registry, useFactory: newRegistry },
        // The first interceptor makes Nest go through RxJS on every request: where nothing is timed there is none.
        ...(env.isProfiling ? [{ provide: APP_INTERCEPTOR, useClass: ProfileInterceptor }] : []),
        PerformanceLogRepository,
        ProfilingData,
        PerformanceSink,
        RequestRecorder,
        Profiler,
        MetricsService,
        ProfilingReadRepository,
        ProfilingReadService,
        ...(env.role === 'api' ? [] : [ProfilingHousekeeping]),
      ],
      exports: [Registry, Profiler, PerformanceSink, RequestRecorder],
    };
  }
}

/** One per application; prom-client's own is one per process. */
function newRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
