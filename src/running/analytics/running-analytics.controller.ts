import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { HeartZones } from './heart-zones.service.js';
import { RunnerFitness } from './runner-fitness.service.js';
import {
  HeartRateZonesDto,
  PredictionsQueryDto,
  RacePredictionsDto,
  TrainingLoadDto,
  TrainingLoadQueryDto,
  Vo2maxDto,
  ZonesQueryDto,
} from './running-analytics.dto.js';
import { TrainingLoads } from './training-loads.service.js';

@ApiTags('running')
@Controller('api/v1/running/analytics')
export class RunningAnalyticsController {
  constructor(
    private readonly loads: TrainingLoads,
    private readonly fitness: RunnerFitness,
    private readonly heartZones: HeartZones,
  ) {}

  /** Fitness, fatigue and form, day by day. */
  @Get('load')
  @RequirePermission('running:own')
  load(@Caller() caller: Principal, @Query() query: TrainingLoadQueryDto): Promise<TrainingLoadDto> {
    return this.loads.load(caller, query);
  }

  /** What the runner could race, as ranges, and times of equal performance. */
  @Get('predictions')
  @RequirePermission('running:own')
  predictions(@Caller() caller: Principal, @Query() query: PredictionsQueryDto): Promise<RacePredictionsDto> {
    return this.fitness.predictions(caller, query.days);
  }

  /** Time in heart rate zones, of one run or of the last weeks. */
  @Get('zones')
  @RequirePermission('running:own')
  zones(@Caller() caller: Principal, @Query() query: ZonesQueryDto): Promise<HeartRateZonesDto> {
    return this.heartZones.zones(caller, query);
  }

  /** VO2max by the best recent effort, and by the heart rate of steady runs. */
  @Get('vo2max')
  @RequirePermission('running:own')
  vo2max(@Caller() caller: Principal): Promise<Vo2maxDto> {
    return this.fitness.vo2max(caller);
  }
}
