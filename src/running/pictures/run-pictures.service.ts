import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import type { ChartOption } from '../../platform/charts/chart-style.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import type { DistanceUnits } from '../profiles/preferences.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import { PublicRunners } from '../profiles/public-runners.service.js';
import type { StoredTrack } from '../runs/run-tracks.service.js';
import type { RunRow } from '../runs/runs.repository.js';
import { VisibleRuns } from '../runs/visible-runs.service.js';
import { elevationOption, paceOption, type ProfilePicture } from './profile-charts.js';
import { routeThumbnail } from './route-thumbnail.js';
import type { RunCardQueryDto, RunProfilePictureQueryDto, RunThumbnailQueryDto } from './run-pictures.dto.js';
import { elevationProfile, paceProfile } from './run-profiles.js';
import { dayWords, subtitleWords, titleWords } from './run-words.js';
import { SHARE_CARD, shareCardOption } from './share-card.js';

const NO_PLACES = { latDeg: new Float64Array(0), lonDeg: new Float64Array(0) };
/** Of the picture's width for one point of a line. */
const PIXELS_PER_POINT = 2;

/** Runs as pictures, for lists, pages and chats that have no script. Whoever may see a run may see these of it. */
@Injectable()
export class RunPictures {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: VisibleRuns,
    private readonly runners: PublicRunners,
    private readonly preferences: PreferencesReader,
    private readonly renderer: ChartRenderer,
  ) {}

  /** @throws DomainError unknown run */
  async thumbnail(caller: Principal, id: string, query: RunThumbnailQueryDto): Promise<Picture> {
    const stored = await this.runs.track(await this.runs.find(caller, id));
    return pictureOf(routeThumbnail(stored?.track ?? NO_PLACES, query, query.theme));
  }

  /** @throws DomainError unknown run */
  elevation(caller: Principal, id: string, query: RunProfilePictureQueryDto): Promise<Picture> {
    return this.profile(caller, id, query, (picture, _run, stored, count) =>
      elevationOption(picture, stored === null ? [] : elevationProfile(stored.track, stored.pauses, count)),
    );
  }

  /** @throws DomainError unknown run */
  pace(caller: Principal, id: string, query: RunProfilePictureQueryDto): Promise<Picture> {
    return this.profile(caller, id, query, (picture, run, stored, count) =>
      paceOption(
        picture,
        stored === null ? [] : paceProfile(stored.track, stored.pauses, count),
        meanPaceOf(run),
      ),
    );
  }

  /** @throws DomainError unknown run */
  async card(caller: Principal, id: string, query: RunCardQueryDto): Promise<Picture> {
    const run = await this.runs.find(caller, id);
    const [stored, units, name] = await Promise.all([
      this.runs.track(run),
      this.unitsOf(caller, query.units),
      this.nameOf(caller, run.userId),
    ]);
    const card = {
      title: titleWords(run),
      subtitle: [...(name === null ? [] : [name]), dayWords(run)].join('  ·  '),
      distanceM: run.distanceM,
      movingTimeS: run.movingTimeS,
      elevationGainM: run.elevationGainM,
      averageHeartRateBpm: run.averageHeartRateBpm,
      track: stored?.track ?? null,
    };
    return pictureOf(await this.renderer.draw(shareCardOption(card, units, query.theme), SHARE_CARD));
  }

  /** The caller's own where nothing else is wished. */
  async unitsOf(caller: Principal, wished: DistanceUnits | undefined): Promise<DistanceUnits> {
    if (wished !== undefined) return wished;
    return (await this.uow.run(caller, (tx) => this.preferences.of(tx, caller.id))).unitsDistance;
  }

  private async profile(
    caller: Principal,
    id: string,
    query: RunProfilePictureQueryDto,
    draw: (picture: ProfilePicture, run: RunRow, stored: StoredTrack | null, count: number) => ChartOption,
  ): Promise<Picture> {
    const run = await this.runs.find(caller, id);
    const [stored, units] = await Promise.all([this.runs.track(run), this.unitsOf(caller, query.units)]);
    const { width, height, theme } = query;
    const words = { title: titleWords(run), subtitle: subtitleWords(run, units) };
    const option = draw(
      { ...words, units, width, height, theme },
      run,
      stored,
      Math.floor(width / PIXELS_PER_POINT),
    );
    return pictureOf(await this.renderer.draw(option, query));
  }

  /** Of a runner whom the caller may know; of another only the run is shown. */
  private async nameOf(caller: Principal, userId: string): Promise<string | null> {
    const row = await this.runners.findVisible(caller, userId);
    return row && (row.displayName ?? row.username);
  }
}

function meanPaceOf({ distanceM, movingTimeS }: RunRow): number | null {
  return distanceM === null || movingTimeS === null || distanceM < 1
    ? null
    : (movingTimeS * 1_000) / distanceM;
}
