import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { CurrentManifests } from './current-manifests.service.js';
import type { LoadedManifest } from './import-manifest.service.js';
import { type CurrentVersion, ManifestVersionsRepository } from './manifest-versions.repository.js';

/** What follows from a version that becomes current, in the transaction in which it does. */
export type SwitchListener = (tx: Tx, versions: readonly CurrentVersion[]) => Promise<void>;

/**
 * Makes what was loaded what is read: all languages and all that derives from them in one transaction, so a reader has all of the old or
 * all of the new. What derives registers itself when its module starts.
 */
@Injectable()
export class ManifestSwitch {
  private readonly listeners: SwitchListener[] = [];

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly versions: ManifestVersionsRepository,
    private readonly current: CurrentManifests,
  ) {}

  onSwitched(listener: SwitchListener): void {
    this.listeners.push(listener);
  }

  /** @param tx of the system role @returns versions that were not current before */
  async apply(tx: Tx, { ids, runId }: LoadedManifest): Promise<CurrentVersion[]> {
    const switched = await this.versions.updateCurrent(tx, ids, runId);
    if (switched.length === 0) return switched;
    for (const listener of this.listeners) await listener(tx, switched);
    tx.afterCommit(() => this.current.forget());
    return switched;
  }

  /** Drops definitions that nobody reads any more. Readers go first: what they hold is left for the next time. */
  async dropFormer(): Promise<void> {
    const ids = await this.system.run(SYSTEM_SCOPE, (tx) => this.versions.listDroppable(tx));
    for (const id of ids)
      await this.system
        .run(SYSTEM_SCOPE, (tx) => this.versions.dropDefinitions(tx, id))
        .catch(() => undefined);
  }
}
