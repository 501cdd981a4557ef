import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/route.decorators.js';
import {
  DatabaseHealthDto,
  DependencyHealthDto,
  HealthDto,
  LivenessDto,
  ReadinessDto,
  SearchHealthDto,
} from './health.dto.js';
import { HealthService } from './health.service.js';

const statusOf = (isGood: boolean): number => (isGood ? 200 : 503);

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly service: HealthService) {}

  /** Everything at a glance; 503 when the database does not answer. */
  @Get()
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const health = await this.service.health(new Date());
    response.status(statusOf(health.status === 'healthy'));
    return health;
  }

  /** The process runs. Never asks the database: a restart of this process would not mend that. */
  @Get('live')
  live(): LivenessDto {
    return { status: 'alive' };
  }

  /** Requests may be sent here; 503 while stopping or without a database. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessDto> {
    const isReady = await this.service.isReady();
    response.status(statusOf(isReady));
    return { status: isReady ? 'ready' : 'not ready' };
  }

  @Get('db')
  async db(@Res({ passthrough: true }) response: Response): Promise<DatabaseHealthDto> {
    const health = await this.service.database();
    response.status(statusOf(health.database === 'connected'));
    return health;
  }

  /** The language model; at most five seconds old. Always 200: everything works without it. */
  @Get('ai')
  ai(): Promise<DependencyHealthDto> {
    return this.service.dependency('ai');
  }

  /** Redis; at most five seconds old. Always 200: whether requests may be sent here is told by `ready`. */
  @Get('redis')
  redis(): Promise<DependencyHealthDto> {
    return this.service.dependency('redis');
  }

  /** What searches of campaigns are answered by; at most five seconds old. Always 200: everything else works without it. */
  @Get('search')
  search(): Promise<SearchHealthDto> {
    return this.service.search();
  }
}
