import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import type { GapCurve } from '../races/gap-curve-codec.js';
import { RaceResults } from '../races/race-results.service.js';
import { gapOption, type GapPicturePoint } from './profile-charts.js';
import type { GapPictureQueryDto } from './run-pictures.dto.js';
import { RunPictures } from './run-pictures.service.js';

/** Of the picture's width for one point of a line. */
const PIXELS_PER_POINT = 2;

/** Races as pictures, for those who ran them. */
@Injectable()
export class RacePictures {
  constructor(
    private readonly results: RaceResults,
    private readonly runs: RunPictures,
    private readonly renderer: ChartRenderer,
  ) {}

  /** Of the ghost that is named, or of the first; empty where there is no result against it. @throws DomainError unknown race */
  async gap(caller: Principal, raceId: string, query: GapPictureQueryDto): Promise<Picture> {
    const { ghosts } = await this.results.replay(caller, raceId);
    const wanted = query.ghostId?.toLowerCase();
    const ghost = ghosts.find(({ ghostId }) => wanted === undefined || ghostId === wanted);
    const picture = {
      title: ghost?.name ?? 'Gap',
      subtitle: 'seconds ahead (−) or behind (+) at each place',
      units: await this.runs.unitsOf(caller, query.units),
      width: query.width,
      height: query.height,
      theme: query.theme,
    };
    const points = ghost ? pointsOf(ghost.curve, Math.floor(query.width / PIXELS_PER_POINT)) : [];
    return pictureOf(await this.renderer.draw(gapOption(picture, points), query));
  }
}

/** At most about so many, the first and the last among them. */
function pointsOf({ alongM, gapS, sdS }: GapCurve, most: number): GapPicturePoint[] {
  const step = Math.max(1, Math.ceil(alongM.length / most));
  const points: GapPicturePoint[] = [];
  for (let index = 0; index < alongM.length; index += 1)
    if (index % step === 0 || index === alongM.length - 1)
      points.push({ alongM: alongM[index]!, gapS: gapS[index]!, sdS: sdS[index]! });
  return points;
}
