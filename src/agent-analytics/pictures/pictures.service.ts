import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { categoryOf, type StoryNames } from '../figures/story-names.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { StoryService } from '../story/story.service.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import type { FreshnessDto } from '../sync/freshness.dto.js';
import { Projects } from '../sync/projects.service.js';
import { funnelOption, timeOf } from './funnel-chart.js';
import type { FunnelPictureQueryDto, TimelinePictureQueryDto } from './pictures.dto.js';
import { PicturesRepository, type SessionRunRow } from './pictures.repository.js';
import { timelineOption } from './timeline-chart.js';

/** More of them cannot be told apart at any width. */
const MOST_RUNS = 2_000;

/** Figures as pictures. */
@Injectable()
export class PicturesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly story: StoryService,
    private readonly sessions: SessionsService,
    private readonly rows: PicturesRepository,
    private readonly renderer: ChartRenderer,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  /** @throws DomainError unknown project, a range backwards */
  async funnel(caller: Principal, query: FunnelPictureQueryDto, nowMs = Date.now()): Promise<Picture> {
    const { items, sessionCount, ...freshness } = await this.story.funnel(caller, query, nowMs);
    const { environment, width, height, theme } = query;
    const { from, to } = this.projects.recentRange(query, nowMs);
    const range = `${dayOf(from)} – ${to === null ? 'now' : dayOf(to)}`;
    const words = [this.projects.resolve(query.project), `${sessionCount} stories`, range];
    if (environment !== undefined) words.push(environment);
    const subtitle = words.join('  ·  ');
    const picture = { title: 'How far stories came', subtitle, steps: items, width, height, theme };
    return pictureOf(dated(await this.renderer.draw(funnelOption(picture), picture), freshness));
  }

  /** @throws DomainError unknown project or session */
  async timeline(caller: Principal, sessionId: string, query: TimelinePictureQueryDto): Promise<Picture> {
    const project = this.projects.resolve(query.project);
    const session = await this.sessions.find(caller, sessionId, query.project);
    const rows = await this.uow.read<SessionRunRow>(
      caller,
      this.rows.runsStatement(project, sessionId, MOST_RUNS),
    );
    const runs = rows.map(({ agent, startMs, latencyMs, isError }) => ({
      agent,
      category: categoryOf(this.names.categories, agent),
      startMs,
      endMs: startMs + (latencyMs ?? 0),
      isError,
    }));
    const { mortal, match, createdAt, costUsd } = session;
    const last = rows.reduce((end, { startMs, latencyMs }) => Math.max(end, startMs + (latencyMs ?? 0)), 0);
    const lastedS = rows.length === 0 ? 0 : (last - rows[0]!.startMs) / 1_000;
    const facts = [sessionId, createdAt, `${rows.length} runs in ${timeOf(lastedS)}`];
    const { width, height, theme } = query;
    const picture = {
      title: mortal !== null && match !== null ? `${mortal} & ${match}` : (mortal ?? sessionId),
      subtitle: [...facts, `$${Number(costUsd.toPrecision(3))}`, 'grey: reading, cut'].join('  ·  '),
      runs,
      width,
      height,
      theme,
    };
    return pictureOf(dated(await this.renderer.draw(timelineOption(picture), picture), session));
  }
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** How fresh a picture is stands in its description, which no width cuts. */
function dated(svg: string, { asOf, completeThrough }: FreshnessDto): string {
  const words = `As of ${asOf ?? 'never'}, complete through ${completeThrough ?? 'never'}`;
  return svg.replace('>', `><desc>${words}</desc>`);
}
