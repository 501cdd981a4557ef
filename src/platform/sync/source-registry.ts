import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import { PROVIDES_SOURCES_METADATA } from './provides-sources.js';
import { faultsOfSources } from './source-faults.js';
import type { SourceProvider, SyncSource } from './sync-source.js';

/** Which sources this process can read. Fails the boot on a source that cannot be meant. */
@Injectable()
export class SourceRegistry implements OnModuleInit {
  private readonly sources = new Map<string, SyncSource>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const sources = this.discovery.getProviders().flatMap(({ metatype, instance }) => {
      if (typeof metatype !== 'function' || !instance) return [];
      if (!Reflect.getMetadata(PROVIDES_SOURCES_METADATA, metatype)) return [];
      return (instance as SourceProvider).sources();
    });
    this.register(sources);
  }

  /** @throws StartupError naming every fault */
  register(sources: readonly SyncSource[]): void {
    const faults = faultsOfSources(sources);
    if (faults.length > 0) throw new StartupError(`Sync sources are wrong: ${faults.join('; ')}.`);
    for (const source of sources) this.sources.set(source.id, source);
  }

  list(): SyncSource[] {
    return [...this.sources.values()];
  }

  /** In the order of registration. @param domain undefined = of all domains */
  ids(domain?: string): string[] {
    return this.list()
      .filter((source) => domain === undefined || source.domain === domain)
      .map(({ id }) => id);
  }

  find(id: string): SyncSource | undefined {
    return this.sources.get(id);
  }
}
