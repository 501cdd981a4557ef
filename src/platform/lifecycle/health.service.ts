import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../auth/principal.js';
import { productVersion } from '../config/product-version.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DependencyStates } from '../dependencies/dependency-states.js';
import type { DatabaseHealthDto, DependencyHealthDto, HealthDto, SearchHealthDto } from './health.dto.js';

@Injectable()
export class HealthService implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly dependencies: DependencyStates,
  ) {}

  /** From here on load balancers are told to send nothing more. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  async database(): Promise<DatabaseHealthDto> {
    const startedMs = performance.now();
    try {
      await this.uow.read(SYSTEM_PRINCIPAL, {
        name: 'platform.health.ping',
        text: 'SELECT 1 AS one',
        values: [],
      });
      return {
        database: 'connected',
        latencyMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000,
      };
    } catch {
      return { database: 'disconnected', latencyMs: null };
    }
  }

  /** Says nothing of whether requests are served. */
  async dependency(name: 'ai' | 'redis' | 'search' | 'search-server'): Promise<DependencyHealthDto> {
    const { status, latencyMs } = await this.dependencies.stateOf(name);
    return { status, latencyMs };
  }

  async search(): Promise<SearchHealthDto> {
    const [own, server] = await Promise.all([this.dependency('search'), this.dependency('search-server')]);
    return { ...own, server };
  }

  async isReady(): Promise<boolean> {
    return !this.isStopping && (await this.database()).database === 'connected';
  }

  async health(now: Date): Promise<HealthDto> {
    const { database } = await this.database();
    return {
      status: database === 'connected' ? 'healthy' : 'unhealthy',
      timestamp: now.toISOString(),
      version: productVersion(),
      database,
    };
  }
}
