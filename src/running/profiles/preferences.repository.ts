import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RunnerPreferences } from './preferences.js';

export interface PreferencesRow extends RunnerPreferences {
  version: number;
}

const COLUMNS = `units_distance AS "unitsDistance", units_temperature AS "unitsTemperature", privacy_profile AS "privacyProfile",
  privacy_runs AS "privacyRuns", has_notifications AS "hasNotifications", has_auto_pause AS "hasAutoPause",
  gps_accuracy AS "gpsAccuracy", max_heart_rate_bpm AS "maxHeartRateBpm", resting_heart_rate_bpm AS "restingHeartRateBpm",
  threshold_heart_rate_bpm AS "thresholdHeartRateBpm", sex, threshold_pace_s_per_km AS "thresholdPaceSPerKm", version`;

/** One row per runner who has changed something, or whose runs depend on it. In the runner's scope or the platform's. */
@Injectable()
export class PreferencesRepository {
  async findPreferences(tx: Tx, userId: string): Promise<PreferencesRow | null> {
    const [row] = await tx.query<PreferencesRow>({
      name: 'running.preferences.find',
      text: `SELECT ${COLUMNS} FROM running.preference WHERE user_id = $1`,
      values: [userId],
    });
    return row ?? null;
  }

  /** The row with its defaults, where there is none. */
  async insertDefaults(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'running.preferences.insert-defaults',
      text: 'INSERT INTO running.preference (user_id) VALUES ($1) ON CONFLICT ON CONSTRAINT pk_preference DO NOTHING',
      values: [userId],
    });
  }

  /** Nobody else changes it until the end of the transaction. */
  async lockPreferences(tx: Tx, userId: string): Promise<PreferencesRow> {
    const [row] = await tx.query<PreferencesRow>({
      name: 'running.preferences.lock',
      text: `SELECT ${COLUMNS} FROM running.preference WHERE user_id = $1 FOR UPDATE`,
      values: [userId],
    });
    return row!;
  }

  async updatePreferences(tx: Tx, userId: string, to: RunnerPreferences): Promise<PreferencesRow> {
    const [row] = await tx.query<PreferencesRow>({
      name: 'running.preferences.update',
      text: `UPDATE running.preference SET units_distance = $2, units_temperature = $3, privacy_profile = $4, privacy_runs = $5,
               has_notifications = $6, has_auto_pause = $7, gps_accuracy = $8, max_heart_rate_bpm = $9,
               resting_heart_rate_bpm = $10, threshold_heart_rate_bpm = $11, sex = $12, threshold_pace_s_per_km = $13,
               version = version + 1
             WHERE user_id = $1 RETURNING ${COLUMNS}`,
      values: [
        userId,
        to.unitsDistance,
        to.unitsTemperature,
        to.privacyProfile,
        to.privacyRuns,
        to.hasNotifications,
        to.hasAutoPause,
        to.gpsAccuracy,
        to.maxHeartRateBpm,
        to.restingHeartRateBpm,
        to.thresholdHeartRateBpm,
        to.sex,
        to.thresholdPaceSPerKm,
      ],
    });
    return row!;
  }
}
