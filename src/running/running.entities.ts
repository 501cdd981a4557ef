import { RunnerPreferenceEntity } from './profiles/runner-preference.entity.js';
import { RunnerProfileEntity } from './profiles/runner-profile.entity.js';

/** Tables of running. */
export const RUNNING_ENTITIES = [RunnerProfileEntity, RunnerPreferenceEntity] as const;
