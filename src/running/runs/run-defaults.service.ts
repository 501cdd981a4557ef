import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { USUAL_VISIBILITY, type Visibility } from './run-terms.js';

/** What a runner's profile decides of runs that do not say otherwise. */
@Injectable()
export class RunDefaults {
  /** Asked under `RunsRepository.lockChanges`, so that a profile that changes meanwhile finds the run, or the run the profile's choice. */
  visibilityOf(_tx: Tx, _userId: string): Promise<Visibility> {
    return Promise.resolve(USUAL_VISIBILITY);
  }
}
