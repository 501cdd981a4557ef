import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { assertSeen, heartRatesDisagree } from '../running.errors.js';
import {
  changedKeys,
  DEFAULT_PREFERENCES,
  heartRateOutOfOrder,
  type PreferencesChange,
  type RunnerPreferences,
  withChange,
} from './preferences.js';
import { type PreferencesRow, PreferencesRepository } from './preferences.repository.js';

/** What the caller wants. Versions count from 1 whether or not anything was stored yet. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly preferences: PreferencesRepository,
    private readonly runs: RunsRepository,
    private readonly audit: Audit,
  ) {}

  async own(caller: Principal): Promise<PreferencesRow> {
    const row = await this.uow.run(caller, (tx) => this.preferences.findPreferences(tx, caller.id));
    return row ?? { ...DEFAULT_PREFERENCES, version: 1 };
  }

  /**
   * Who may see runs without a choice of their own changes with it, at once: a run that comes in meanwhile waits for the lock of their
   * changes, which is taken first here as there.
   * @param seen version by If-Match
   * @throws DomainError another version; heart rates that do not rise from rest to maximum
   */
  change(caller: Principal, change: PreferencesChange, seen: number | undefined): Promise<PreferencesRow> {
    return this.uow.run(caller, async (tx) => {
      await this.runs.lockChanges(tx, caller.id);
      await this.preferences.insertDefaults(tx, caller.id);
      const before = await this.preferences.lockPreferences(tx, caller.id);
      assertSeen(seen, before.version, 'preferences');
      const to = withChange(before, change);
      const wrong = heartRateOutOfOrder(to);
      if (wrong !== null) throw heartRatesDisagree(wrong);
      const after = await this.preferences.updatePreferences(tx, caller.id, to);
      if (after.privacyRuns !== before.privacyRuns)
        await this.runs.updateInheritedVisibility(tx, caller.id, after.privacyRuns);
      await this.audit.record(tx, caller, {
        action: 'running.preferences-changed',
        object: { type: 'running.preference', id: caller.id },
        before: privacyOf(before),
        after: { ...privacyOf(after), changed: changedKeys(before, after) },
      });
      return after;
    });
  }
}

/** What the trail holds with its values: who could see what. Of the body it names what was changed, no figures. */
function privacyOf({ privacyProfile, privacyRuns }: RunnerPreferences): object {
  return { privacyProfile, privacyRuns };
}
