import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { exportsOff } from '../tabletop.errors.js';
import { calendarOf, dayText } from './campaign-calendar.js';
import type { GameCalendar } from './game-calendar.js';
import { timelineCsv, timelineMarkdown } from './timeline-text.js';
import type {
  TimelineEntryDto,
  TimelineExportQueryDto,
  TimelineFilterDto,
  TimelineQueryDto,
} from './timeline.dto.js';
import {
  type TimelineFilter,
  type TimelinePlace,
  TimelineRepository,
  type TimelineRow,
} from './timeline.repository.js';

/** Entries that are taken along at most. */
const MOST_EXPORTED = 20_000;

/** What happened when: in the world's days and in ours, of all that the caller sees. */
@Injectable()
export class Timeline {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly timeline: TimelineRepository,
  ) {}

  /** Oldest first. @throws DomainError unknown campaign; unknown object: what it shall be about; a cursor of another list */
  list(caller: Principal, campaignId: string, query: TimelineQueryDto): Promise<Page<TimelineEntryDto>> {
    const after = query.cursor === undefined ? null : readPlace(query.cursor, query.by);
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      const filter = await this.filterOf(tx, caller, seat, query);
      const rows = await tx.query<TimelineRow>(
        this.timeline.listPage(seat.campaignId, filter, after, query.limit + 1),
      );
      const calendar = calendarOf(seat.campaign.calendar);
      const keyOf = (row: TimelineRow): (string | number)[] => [
        query.by === 'world' ? row.day! : row.onDate!,
        row.kind,
        row.id,
      ];
      return toPage(rows, query.limit, keyOf, (row) => toEntryDto(row, calendar));
    });
  }

  /** The whole of it as a file. @throws DomainError as of the list; the masters want nothing taken along */
  export(caller: Principal, campaignId: string, query: TimelineExportQueryDto): Promise<string> {
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      if (!seat.campaign.hasExports && seat.role !== 'gm') throw exportsOff();
      const filter = await this.filterOf(tx, caller, seat, query);
      const rows = await tx.query<TimelineRow>(
        this.timeline.listPage(seat.campaignId, filter, null, MOST_EXPORTED),
      );
      const calendar = calendarOf(seat.campaign.calendar);
      const items = rows.map((row) => toEntryDto(row, calendar));
      if (query.format === 'csv') return timelineCsv(items);
      return query.format === 'md' ? timelineMarkdown(seat.campaign.name, items) : JSON.stringify({ items });
    });
  }

  /** What an entry shall be about has to be seen by the caller, or the list would tell of it. */
  private async filterOf(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    query: TimelineFilterDto,
  ): Promise<TimelineFilter> {
    const about: string[] = [];
    const kinds = [
      ['plot', query.plotId],
      ['location', query.locationId],
      ['character', query.characterId],
    ] as const;
    for (const [kind, id] of kinds)
      if (id !== undefined) about.push((await this.desk.findIn(tx, caller, seat, kind, id)).id);
    return {
      by: query.by,
      kinds: query.kinds ?? null,
      fromDay: query.fromDay ?? null,
      toDay: query.toDay ?? null,
      fromDate: query.fromDate ?? null,
      toDate: query.toDate ?? null,
      about,
    };
  }
}

function readPlace(cursor: string, by: TimelineFilter['by']): TimelinePlace {
  const [key, kind, id] = decodeCursor(cursor, [
    by === 'world' ? 'number' : 'string',
    'string',
    'string',
  ] as const);
  return { key, kind, id };
}

function toEntryDto(row: TimelineRow, calendar: GameCalendar): TimelineEntryDto {
  return {
    kind: row.kind,
    id: row.id,
    title: row.title,
    text: row.text,
    day: row.day,
    endDay: row.endDay,
    dayText: dayText(calendar, row.day),
    onDate: row.onDate,
    objectId: row.objectId,
  };
}
