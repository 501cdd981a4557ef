import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import type { ChartTheme } from '../../platform/charts/chart-style.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import { CatalystHistory } from '../catalysts/catalyst-history.service.js';
import { nearestOf, summarize } from '../catalysts/catalyst-list.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import type { OwnCatalyst, OwnCatalysts } from '../catalysts/own-catalysts.js';
import type { CardQueryDto, ProgressPictureQueryDto } from './catalyst-pictures.dto.js';
import { CARD, catalystCardOption, summaryCardOption } from './cards.js';
import { coursesOf, forecastWords } from './course-picture.js';
import { progressOption } from './progress-chart.js';

/** Catalysts as pictures, for pages and chats that have no script. */
@Injectable()
export class CatalystPictures {
  constructor(
    private readonly reads: CatalystReads,
    private readonly history: CatalystHistory,
    private readonly renderer: ChartRenderer,
  ) {}

  /** @throws DomainError unknown catalyst */
  async progress(caller: Principal, recordHash: number, size: ProgressPictureQueryDto): Promise<Picture> {
    const { entry, asOf, moves, forecast } = await this.history.course(caller, recordHash);
    const { facts, status } = entry;
    const words = [`${status.pct} %`, forecastWords(forecast), ageWords(asOf)];
    const option = progressOption({
      title: facts.name,
      subtitle: words.join('  ·  '),
      objectives: coursesOf(status, moves, forecast),
      asOfMs: asOf?.getTime() ?? null,
      width: size.width,
      height: size.height,
      theme: size.theme,
    });
    return pictureOf(await this.renderer.draw(option, size));
  }

  async card(caller: Principal, { theme }: CardQueryDto): Promise<Picture> {
    return this.drawSummary(await this.reads.read(caller), null, theme);
  }

  /** @param name of the player, where one is to be told */
  async drawSummary(own: OwnCatalysts, name: string | null, theme: ChartTheme): Promise<Picture> {
    const { total, complete, inProgress, notFound, bySlot, byElement } = summarize(own.entries);
    const nearest = nearestOf(own.entries).map(({ facts, status }) => ({
      name: facts.weaponName,
      pct: status.pct,
    }));
    const words = { title: name ?? 'Exotic catalysts', subtitle: subtitleOf(name, own.asOf) };
    const counts = { total, complete, inProgress, notFound, bySlot, byElement };
    return pictureOf(
      await this.renderer.draw(summaryCardOption({ ...words, ...counts, nearest, theme }), CARD),
    );
  }

  /** Of a single one, which is all that it tells. */
  async drawCatalyst(
    { facts, status }: OwnCatalyst,
    { asOf }: OwnCatalysts,
    name: string | null,
    theme: ChartTheme,
  ): Promise<Picture> {
    const option = catalystCardOption({
      title: facts.name,
      subtitle: [...(name === null ? [] : [name]), ageWords(asOf)].join('  ·  '),
      state: status.state.replace('_', ' '),
      pct: status.pct,
      objectives: status.objectives
        .filter(({ isVisible }) => isVisible)
        .map(({ text, ratio }, index) => ({ name: text ?? `Objective ${index + 1}`, pct: ratio * 100 })),
      theme,
    });
    return pictureOf(await this.renderer.draw(option, CARD));
  }
}

function subtitleOf(name: string | null, asOf: Date | null): string {
  return [...(name === null ? [] : ['Exotic catalysts']), 'Destiny 2', ageWords(asOf)].join('  ·  ');
}

function ageWords(asOf: Date | null): string {
  return asOf === null
    ? 'nothing read yet'
    : `as of ${asOf.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
