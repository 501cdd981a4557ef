import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type CurrentVersion, ManifestVersionsRepository } from './manifest-versions.repository.js';

/** Another process may switch; so late is a process at most. */
const KNOWN_MS = 1_000;

/** Which version is current in each language, as this process knows it. */
@Injectable()
export class CurrentManifests {
  private known: { atMs: number; versions: Promise<ReadonlyMap<string, CurrentVersion>> } | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly versions: ManifestVersionsRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @param language the settings' first one without it @returns undefined where none was imported */
  async find(language = this.defaultLanguage): Promise<CurrentVersion | undefined> {
    return (await this.list()).get(language);
  }

  /** By language; empty where no manifest was imported. */
  list(): Promise<ReadonlyMap<string, CurrentVersion>> {
    const nowMs = performance.now();
    if (this.known && nowMs - this.known.atMs < KNOWN_MS) return this.known.versions;
    const versions = this.read();
    const known = { atMs: nowMs, versions };
    this.known = known;
    versions.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return versions;
  }

  get defaultLanguage(): string {
    return this.env.destinyLanguages[0] ?? 'en';
  }

  /** Of this process: it has just switched. */
  forget(): void {
    this.known = undefined;
  }

  private async read(): Promise<ReadonlyMap<string, CurrentVersion>> {
    const rows = await this.uow.read<CurrentVersion>(SYSTEM_PRINCIPAL, this.versions.currentStatement());
    return new Map(rows.map((row) => [row.language, row]));
  }
}
