import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { assertSeen, staleObject, tooMany, unknownBeat } from '../tabletop.errors.js';
import type { HookChangeDto, MilestoneChangeDto } from './plot-beats.dto.js';
import {
  type BeatContent,
  type BeatPatch,
  type BeatRow,
  PlotBeatsRepository,
} from './plot-beats.repository.js';
import type { BeatKind } from './plot-kinds.js';

const MOST_BEATS = 500;

type BeatWish = MilestoneChangeDto & HookChangeDto;

const NEW: BeatContent = {
  title: '',
  note: '',
  visibility: 'gm',
  plantedIn: null,
  plantedDay: null,
  dueSession: null,
  dueDay: null,
  discoveredBy: [],
  isDone: false,
  doneIn: null,
  doneDay: null,
};

/** Milestones of threads, and hooks that foreshadow them. Masters write both; others see milestones that are the party's. */
@Injectable()
export class PlotBeats {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly beats: PlotBeatsRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** Oldest first. @throws DomainError unknown object; of hooks, a role below a master's */
  list<Dto>(
    caller: Principal,
    plotId: string,
    kind: BeatKind,
    query: { limit: number; cursor?: string },
    map: (row: BeatRow) => Dto,
  ): Promise<Page<Dto>> {
    const after = readIdCursor(query.cursor);
    return this.desk.find(caller, 'plot', plotId, async (tx, { object, seat }) => {
      if (kind === 'hook') assertRole(seat, 'gm');
      const rows = await tx.query<BeatRow>(
        this.beats.listPage(seat.campaignId, object.id, kind, after, query.limit + 1),
      );
      return toPage(rows, query.limit, ({ id }) => [id], map);
    });
  }

  /** By masters. @throws DomainError unknown object: the thread, or a session or character that is named; the role is too low; too many */
  create<Dto>(
    caller: Principal,
    plotId: string,
    kind: BeatKind,
    wish: BeatWish & { title: string },
    request: IdempotentRequest | undefined,
    map: (row: BeatRow) => Dto,
  ): Promise<Outcome<Dto>> {
    return this.desk.add(caller, 'plot', plotId, request, async (tx, { object, seat }) => {
      assertRole(seat, 'gm');
      if ((await this.beats.countBeats(tx, seat.campaignId, object.id)) >= MOST_BEATS)
        throw tooMany(MOST_BEATS, 'milestones and hooks of a thread');
      const content = await this.changed(tx, caller, seat, NEW, wish);
      const row = await this.beats.insertBeat(tx, {
        ...content,
        id: uuidv7(),
        campaignId: seat.campaignId,
        plotId: object.id,
        kind,
      });
      await this.record(tx, caller, row, 'created', { after: shown(row) });
      return map(row);
    });
  }

  /** By masters. @throws DomainError unknown object or beat, stale, the role is too low */
  change<Dto>(
    caller: Principal,
    plotId: string,
    kind: BeatKind,
    id: string,
    seen: number | undefined,
    wish: BeatWish,
    map: (row: BeatRow) => Dto,
  ): Promise<Dto> {
    return this.desk.find(caller, 'plot', plotId, async (tx, found) => {
      const before = await this.findBeat(tx, found, kind, id);
      assertSeen(before.version, seen);
      const content = await this.changed(tx, caller, found.seat, before, wish);
      const after = await this.beats.updateBeat(tx, before.id, before.version, content);
      if (after === null) throw staleObject(before.version + 1);
      await this.record(tx, caller, after, 'changed', { before: shown(before), after: shown(after) });
      return map(after);
    });
  }

  /** For good; the log keeps what it was. @throws DomainError unknown object or beat, stale, the role is too low */
  remove(
    caller: Principal,
    plotId: string,
    kind: BeatKind,
    id: string,
    seen: number | undefined,
  ): Promise<void> {
    return this.desk.find(caller, 'plot', plotId, async (tx, found) => {
      const before = await this.findBeat(tx, found, kind, id);
      assertSeen(before.version, seen);
      await this.beats.deleteBeat(tx, before.id);
      await this.record(tx, caller, before, 'deleted', { before: shown(before) });
    });
  }

  /** One that the caller sees is not unknown to them; that they may not write it is told after. */
  private async findBeat(
    tx: Tx,
    { object, seat }: FoundObject,
    kind: BeatKind,
    id: string,
  ): Promise<BeatRow> {
    const row = isUuid(id) ? await this.beats.findBeat(tx, object.id, kind, id) : null;
    if (row === null) throw unknownBeat();
    assertRole(seat, 'gm');
    return row;
  }

  /** What is not named stays; what has not come has come nowhere. @throws DomainError unknown object: what is named and is not there */
  private async changed(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    before: BeatContent,
    wish: BeatWish,
  ): Promise<BeatPatch> {
    const isDone = wish.isDone ?? before.isDone;
    for (const id of [wish.plantedIn, wish.doneIn])
      if (id != null) await this.desk.findIn(tx, caller, seat, 'session', id);
    for (const id of wish.discoveredBy ?? []) await this.desk.findIn(tx, caller, seat, 'character', id);
    return {
      title: wish.title ?? before.title,
      note: wish.note === undefined ? before.note : cleanHtml(wish.note),
      visibility: wish.visibility ?? before.visibility,
      plantedIn: wish.plantedIn,
      plantedDay: wish.plantedDay === undefined ? before.plantedDay : wish.plantedDay,
      dueSession: wish.dueSession === undefined ? before.dueSession : wish.dueSession,
      dueDay: wish.dueDay === undefined ? before.dueDay : wish.dueDay,
      discoveredBy: wish.discoveredBy ?? before.discoveredBy,
      isDone,
      doneIn: isDone ? wish.doneIn : null,
      doneDay: !isDone ? null : wish.doneDay === undefined ? before.doneDay : wish.doneDay,
    };
  }

  private record(
    tx: Tx,
    caller: Principal,
    { campaignId, plotId, kind }: BeatRow,
    action: string,
    states: { before?: object; after?: object },
  ): Promise<void> {
    return this.changes.record(tx, caller, { campaignId, objectId: plotId, kind, action, ...states });
  }
}

/** For the log. */
function shown(row: BeatRow): object {
  const {
    id,
    title,
    note,
    visibility,
    plantedIn,
    plantedDay,
    dueSession,
    dueDay,
    discoveredBy,
    isDone,
    doneIn,
    doneDay,
  } = row;
  return {
    id,
    title,
    note,
    visibility,
    plantedIn,
    plantedDay,
    dueSession,
    dueDay,
    discoveredBy,
    isDone,
    doneIn,
    doneDay,
  };
}
