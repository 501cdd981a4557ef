import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import type { Tx } from '../database/unit-of-work.js';
import { PROVIDES_SOURCE_FAMILY_METADATA, PROVIDES_SOURCES_METADATA } from './provides-sources.js';
import { faultsOfSources } from './source-faults.js';
import { RUN_ACCOUNT_SYNC, RUN_SYNC } from './sync.jobs.js';
import type { SourceFamily, SourceProvider, SyncSource } from './sync-source.js';

/** Which sources this process can read. Fails the boot on a source that cannot be meant. */
@Injectable()
export class SourceRegistry implements OnModuleInit {
  private readonly sources = new Map<string, SyncSource>();
  private readonly byPrefix = new Map<string, SourceFamily>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const declaredAs = (metadata: string): unknown[] =>
      this.discovery
        .getProviders()
        .flatMap(({ metatype, instance }): unknown[] =>
          typeof metatype === 'function' && instance && Reflect.getMetadata(metadata, metatype)
            ? [instance]
            : [],
        );
    this.register(
      (declaredAs(PROVIDES_SOURCES_METADATA) as SourceProvider[]).flatMap((provider) => provider.sources()),
    );
    for (const family of declaredAs(PROVIDES_SOURCE_FAMILY_METADATA) as SourceFamily[])
      this.registerFamily(family);
  }

  /** @throws StartupError for a prefix that is taken or none */
  registerFamily(family: SourceFamily): void {
    const { prefix } = family;
    const isTaken = this.byPrefix.has(prefix) || this.list().some(({ id }) => prefixOf(id) === prefix);
    if (isTaken || !/^[a-z][a-z0-9-]*$/.test(prefix))
      throw new StartupError(`There cannot be a family of sources ${prefix}.`);
    this.byPrefix.set(prefix, family);
  }

  families(): SourceFamily[] {
    return [...this.byPrefix.values()];
  }

  familyOf(sourceId: string): SourceFamily | undefined {
    return this.byPrefix.get(prefixOf(sourceId));
  }

  /** Of the settings, or of a family as far as the scope of `tx` sees it. @throws Error where a family made one that cannot be meant */
  async resolve(tx: Tx, sourceId: string): Promise<SyncSource | undefined> {
    const known = this.sources.get(sourceId);
    if (known !== undefined) return known;
    const source = await this.familyOf(sourceId)?.find(tx, sourceId);
    const faults = source === undefined ? [] : faultsOfSources([source]);
    if (faults.length > 0) throw new Error(`A sync source is wrong: ${faults.join('; ')}.`);
    return source;
  }

  /** Which job runs it: accounts are many and short, and do not wait behind copies that take hours. */
  jobOf(sourceId: string): typeof RUN_SYNC {
    return this.familyOf(sourceId) === undefined ? RUN_SYNC : RUN_ACCOUNT_SYNC;
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

function prefixOf(sourceId: string): string {
  return sourceId.slice(0, sourceId.indexOf(':'));
}
