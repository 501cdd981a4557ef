import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { PictureUploads } from '../profiles/picture-uploads.service.js';
import { PreferencesService } from '../profiles/preferences.service.js';
import { PublicRunners } from '../profiles/public-runners.service.js';
import { RunnerProfiles } from '../profiles/runner-profiles.service.js';
import { preferencesBody, profileBody } from './compat-bodies.js';
import { invalidField } from './compat.errors.js';
import { CompatRuns } from './compat-runs.service.js';
import type {
  CompatWispAvatarDto,
  CompatWispPreferencesDto,
  CompatWispProfileDto,
  CompatWispRunnerDto,
} from './compat-users.dto.js';
import { pictureOf, toCompatPreferences, toCompatProfile, toCompatRunner } from './compat-users.mapper.js';

/** Runners as the original's app knows them. */
@Injectable()
export class CompatUsers {
  constructor(
    private readonly profiles: RunnerProfiles,
    private readonly preferences: PreferencesService,
    private readonly pictures: PictureUploads,
    private readonly runners: PublicRunners,
    private readonly runs: CompatRuns,
  ) {}

  async profile(caller: Principal, origin: string): Promise<CompatWispProfileDto> {
    const [profile, preferences] = [await this.profiles.own(caller), await this.preferences.own(caller)];
    return toCompatProfile(profile, preferences, origin);
  }

  /** @throws DomainError a picture that was not uploaded here; a name that somebody else has */
  async changeProfile(caller: Principal, body: unknown, origin: string): Promise<CompatWispProfileDto> {
    const { username, display_name, timezone, profile_picture_url } = parseInput(profileBody, body);
    if (typeof profile_picture_url === 'string') await this.assertOwnPicture(caller, profile_picture_url);
    if (profile_picture_url === null) await this.pictures.remove(caller);
    const change = { username, displayName: display_name, timeZone: timezone };
    if (Object.values(change).some((value) => value !== undefined))
      await this.profiles.change(caller, change, undefined);
    return this.profile(caller, origin);
  }

  /** @throws DomainError unknown runner, for one who does not want to be seen, too */
  async runner(caller: Principal, id: string, origin: string): Promise<CompatWispRunnerDto> {
    const runner = await this.runners.find(caller, id);
    return toCompatRunner(runner, await this.runs.sumsOf(runner.id), origin);
  }

  /** @throws DomainError what is no picture */
  async upload(caller: Principal, bytes: Buffer | undefined, origin: string): Promise<CompatWispAvatarDto> {
    if (bytes === undefined) throw invalidField('avatar', 'is missing: a file in a form');
    const { pictureUrl } = await this.pictures.put(caller, Readable.from([bytes]));
    return { profile_picture_url: pictureOf(pictureUrl, origin)! };
  }

  async ownPreferences(caller: Principal): Promise<CompatWispPreferencesDto> {
    return toCompatPreferences(await this.preferences.own(caller));
  }

  async changePreferences(caller: Principal, body: unknown): Promise<CompatWispPreferencesDto> {
    const given = parseInput(preferencesBody, body);
    const change = {
      unitsDistance: given.units_distance,
      unitsTemperature: given.units_temperature,
      privacyProfile: given.privacy_profile,
      privacyRuns: given.privacy_runs,
      hasNotifications: given.notifications_enabled,
      hasAutoPause: given.auto_pause_enabled,
      gpsAccuracy: given.gps_accuracy,
    };
    return toCompatPreferences(await this.preferences.change(caller, change, undefined));
  }

  /** Addresses of pictures carry their own permission and end; what stays is the file's. */
  private async assertOwnPicture(caller: Principal, url: string): Promise<void> {
    const { pictureUrl } = await this.profiles.own(caller);
    const file = pictureUrl === null ? undefined : /\/files\/[^/]+\//.exec(pictureUrl)?.[0];
    if (file === undefined || !url.includes(file))
      throw invalidField('profile_picture_url', 'is not the picture that was uploaded; upload another one');
  }
}
