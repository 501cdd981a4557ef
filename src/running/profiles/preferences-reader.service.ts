import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { DEFAULT_PREFERENCES, type RunnerPreferences } from './preferences.js';
import { PreferencesRepository } from './preferences.repository.js';
import { RunnerProfilesRepository } from './runner-profiles.repository.js';

/** What other rooms ask of a runner, inside their own transaction: in the runner's scope or the platform's. */
@Injectable()
export class PreferencesReader {
  constructor(
    private readonly preferences: PreferencesRepository,
    private readonly profiles: RunnerProfilesRepository,
  ) {}

  /** The defaults where nothing was chosen. */
  async of(tx: Tx, userId: string): Promise<RunnerPreferences> {
    return (await this.preferences.findPreferences(tx, userId)) ?? DEFAULT_PREFERENCES;
  }

  /** Of the IANA database; UTC for whoever has none. */
  timeZoneOf(tx: Tx, userId: string): Promise<string> {
    return this.profiles.findTimeZone(tx, userId);
  }
}
