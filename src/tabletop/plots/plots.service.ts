import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import type { Page } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignLinks } from '../links/campaign-links.service.js';
import { LinksRepository } from '../links/links.repository.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { plotCircle, unknownLink } from '../tabletop.errors.js';
import { closesCircle, type PlotDependency } from './plot-dependencies.js';
import { type PlotDetails, plotDetailsOf } from './plot-kinds.js';
import type {
  CampaignPlotDto,
  NewPlotDto,
  PlotChangeDto,
  PlotDependenciesDto,
  PlotDependencyDto,
  PlotDetailsChangeDto,
  PlotProgressDto,
  PlotsQueryDto,
} from './plots.dto.js';
import { toPlotDependencyDto, toPlotDto } from './plots.mapper.js';
import { type DependencyRow, PlotsRepository } from './plots.repository.js';

const MOST_DEPENDENCIES = 1_000;

/** Threads of the story and what they wait for. */
@Injectable()
export class PlotsService {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly links: CampaignLinks,
    private readonly linkRows: LinksRepository,
    private readonly plots: PlotsRepository,
  ) {}

  /** By masters. @throws DomainError unknown campaign, the role is too low */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewPlotDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CampaignPlotDto>> {
    return this.desk.create(
      caller,
      campaignId,
      request,
      (_tx, seat) => {
        assertRole(seat, 'gm');
        return { ...wish, kind: 'plot', details: changedDetails(plotDetailsOf({}), wish.details) };
      },
      (_tx, found) => toPlotDto(found),
    );
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<CampaignPlotDto> {
    return this.desk.find(caller, 'plot', id, (_tx, found) => toPlotDto(found));
  }

  /** By name. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: PlotsQueryDto): Promise<Page<CampaignPlotDto>> {
    const filter = { kinds: ['plot'] as const, namePrefix: query.name, tag: query.tag };
    return this.desk.list(caller, campaignId, filter, query, toPlotDto);
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  change(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: PlotChangeDto,
  ): Promise<CampaignPlotDto> {
    return this.desk.change(
      caller,
      'plot',
      id,
      seen,
      (_tx, { object }) => ({
        ...wish,
        details: {
          ...object.details, // what a generator or an import has put beside
          ...changedDetails(plotDetailsOf(object.details), wish.details),
        },
      }),
      (_tx, found) => toPlotDto(found),
    );
  }

  /** @throws DomainError unknown object, stale, the role is too low */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'plot', id, seen);
  }

  /** How a thread moved, and in which session. By masters. @throws DomainError unknown object: the thread or the session; stale; the role is too low */
  progress(
    caller: Principal,
    id: string,
    seen: number | undefined,
    wish: PlotProgressDto,
  ): Promise<CampaignPlotDto> {
    return this.desk.change(
      caller,
      'plot',
      id,
      seen,
      async (tx, found) => {
        assertRole(found.seat, 'gm');
        if (wish.sessionId !== undefined) await this.appear(tx, caller, found, wish.sessionId, wish.note);
        const { details } = found.object;
        return { details: { ...details, ...changedDetails(plotDetailsOf(details), wish) } };
      },
      (_tx, found) => toPlotDto(found),
    );
  }

  /** What it waits for, as far as the caller sees it. @throws DomainError unknown object */
  dependencies(caller: Principal, id: string): Promise<PlotDependenciesDto> {
    return this.desk.find(caller, 'plot', id, async (tx, { object, seat }) => {
      const rows = await tx.query<DependencyRow>(
        this.plots.dependenciesOf(seat.campaignId, object.id, MOST_DEPENDENCIES),
      );
      return { items: rows.map(toPlotDependencyDto) };
    });
  }

  /** By masters. @throws DomainError unknown object: either thread; the role is too low; it waits for that already; a circle */
  addDependency(
    caller: Principal,
    id: string,
    onId: string,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<PlotDependencyDto>> {
    return this.desk.add(caller, 'plot', id, request, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      const on = await this.desk.findIn(tx, caller, seat, 'plot', onId);
      await this.plots.lockDependencies(tx, seat.campaignId);
      const all = await tx.query<PlotDependency>(this.plots.allDependencies(seat.campaignId));
      if (closesCircle(all, object.id, on.id)) throw plotCircle();
      // Seen by whoever sees both threads.
      const draft = {
        kind: 'dependency',
        type: 'waits-for',
        fromId: object.id,
        toId: on.id,
        visibility: 'party',
      } as const;
      const link = await this.links.create(tx, caller, seat, draft);
      return toPlotDependencyDto({ id: link.id, plotId: on.id, name: on.name, details: on.details });
    });
  }

  /** @throws DomainError unknown object; unknown link: none of its dependencies; the role is too low */
  removeDependency(caller: Principal, id: string, linkId: string): Promise<void> {
    return this.desk.find(caller, 'plot', id, async (tx, { object }) => {
      const { link } = await this.links.find(tx, caller, 'dependency', linkId);
      if (link.fromId !== object.id) throw unknownLink();
      await this.links.remove(tx, caller, 'dependency', linkId);
    });
  }

  /** It has appeared in the session: said once, with the newest note. */
  private async appear(
    tx: Tx,
    caller: Principal,
    { object, seat }: FoundObject,
    sessionId: string,
    note: string | undefined,
  ): Promise<void> {
    const session = await this.desk.findIn(tx, caller, seat, 'session', sessionId);
    const said = note === undefined ? {} : { note: cleanHtml(note) };
    const known = await this.linkRows.findBetween(tx, 'appearance', session.id, object.id);
    if (known === null) {
      const ends = { fromId: session.id, toId: object.id };
      await this.links.create(tx, caller, seat, {
        kind: 'appearance',
        type: 'appeared',
        ...ends,
        details: said,
        visibility: 'party',
      });
    } else if (note !== undefined) {
      const patch = { details: { ...known.details, ...said } };
      await this.links.change(tx, caller, 'appearance', known.id, patch);
    }
  }
}

/** What is not named stays. */
function changedDetails(before: PlotDetails, wish: PlotDetailsChangeDto | undefined): PlotDetails {
  return {
    status: wish?.status ?? before.status,
    progressPct: wish?.progressPct ?? before.progressPct,
  };
}
