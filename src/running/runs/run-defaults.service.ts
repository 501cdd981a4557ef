import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import type { Visibility } from './run-terms.js';

/** What a runner's profile decides of runs that do not say otherwise. */
@Injectable()
export class RunDefaults {
  constructor(private readonly preferences: PreferencesReader) {}

  /** Asked under `RunsRepository.lockChanges`, so that a profile that changes meanwhile finds the run, or the run the profile's choice. */
  async visibilityOf(tx: Tx, userId: string): Promise<Visibility> {
    return (await this.preferences.of(tx, userId)).privacyRuns;
  }

  /** Where it was run. */
  timeZoneOf(tx: Tx, userId: string): Promise<string> {
    return this.preferences.timeZoneOf(tx, userId);
  }
}
