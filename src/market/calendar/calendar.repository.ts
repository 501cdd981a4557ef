import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface CalendarRow {
  /** `2026-11-28`. */
  date: string;
  source: string;
  itemId: number;
  externalId: number | null;
  label: string;
  level: number | null;
  iconId: string | null;
  quantity: number;
  bonusType: string | null;
  bonus: string | null;
  rewardKamas: number | null;
  xpRatio: number | null;
  /** Newest price of one unit; null where none was ever seen. */
  price: number | null;
  capturedAt: Date | null;
  isSimulated: boolean | null;
}

/** One day as it is stored. */
export interface StoredDay {
  date: string;
  itemId: number;
  quantity: number;
  bonusType: string | null;
  bonus: string | null;
  rewardKamas: number | null;
  xpRatio: number | null;
  checksum: string;
}

/** Where the daily refresh stands. */
export interface RefreshPlace {
  refreshedOn: string | null;
  nextOn: string | null;
}

@Injectable()
export class CalendarRepository {
  /** Days from one up to but without another, with the newest prices on a server. @param serverId null = without prices */
  daysStatement(
    gameId: number,
    serverId: number | null,
    span: { from: string; end: string },
    source: string | null,
  ): Statement {
    return {
      name: 'market.calendar.list-days',
      text: `SELECT d.on_date::text AS date, c.key AS source, i.id AS "itemId", i.external_id AS "externalId", i.label, i.level,
               i.icon_id AS "iconId", d.quantity, d.bonus_type AS "bonusType", d.bonus, d.reward_kamas AS "rewardKamas",
               d.xp_ratio AS "xpRatio", l.price, l.captured_at AS "capturedAt", s.is_simulated AS "isSimulated"
             FROM market.calendar_source c
             JOIN market.calendar_day d ON d.source_id = c.id
             JOIN market.item i ON i.id = d.item_id
             LEFT JOIN market.latest l ON l.server_id = $2 AND l.item_id = i.id
             LEFT JOIN market.source s ON s.id = l.source_id
             WHERE c.game_id = $1 AND d.on_date >= $3::date AND d.on_date < $4::date AND ($5::text IS NULL OR c.key = $5)
             ORDER BY d.on_date, c.key`,
      values: [gameId, serverId, span.from, span.end, source],
    };
  }

  /** Number of days that a calendar knows from one up to but without another. */
  countStatement(gameId: number, source: string, span: { from: string; end: string }): Statement {
    return {
      name: 'market.calendar.count-days',
      text: `SELECT count(*)::int AS count FROM market.calendar_source c JOIN market.calendar_day d ON d.source_id = c.id
             WHERE c.game_id = $1 AND c.key = $2 AND d.on_date >= $3::date AND d.on_date < $4::date`,
      values: [gameId, source, span.from, span.end],
    };
  }

  placeStatement(gameId: number, source: string): Statement {
    return {
      name: 'market.calendar.get-refresh-place',
      text: `SELECT refreshed_on::text AS "refreshedOn", next_on::text AS "nextOn"
             FROM market.calendar_source WHERE game_id = $1 AND key = $2`,
      values: [gameId, source],
    };
  }

  /** Locks the calendar against other imports of it. @returns its id */
  async upsertSource(
    tx: Tx,
    gameId: number,
    key: string,
    { origin, checksum }: { origin: string; checksum: string },
  ): Promise<number> {
    const [row] = await tx.query<{ id: number }>({
      name: 'market.calendar.upsert-source',
      text: `INSERT INTO market.calendar_source (game_id, key, origin, checksum) VALUES ($1, $2, $3, $4)
             ON CONFLICT (game_id, key) DO UPDATE SET origin = excluded.origin, checksum = excluded.checksum, imported_at = now()
             RETURNING id`,
      values: [gameId, key, origin, checksum],
    });
    return row!.id;
  }

  async updatePlace(tx: Tx, sourceId: number, place: RefreshPlace): Promise<void> {
    await tx.query({
      name: 'market.calendar.update-refresh-place',
      text: 'UPDATE market.calendar_source SET refreshed_on = $2::date, next_on = $3::date WHERE id = $1',
      values: [sourceId, place.refreshedOn, place.nextOn],
    });
  }

  /** Adds and changes days; what is the same stays untouched. @returns for each that was written whether it is new */
  async upsertDays(tx: Tx, sourceId: number, days: readonly StoredDay[]): Promise<boolean[]> {
    const column = <K extends keyof StoredDay>(key: K): StoredDay[K][] => days.map((day) => day[key]);
    const rows = await tx.query<{ isNew: boolean }>({
      name: 'market.calendar.upsert-days',
      text: `INSERT INTO market.calendar_day AS known
               (source_id, on_date, item_id, quantity, bonus_type, bonus, reward_kamas, xp_ratio, checksum)
             SELECT $1, t.on_date, t.item_id, t.quantity, t.bonus_type, t.bonus, t.reward_kamas, t.xp_ratio, t.checksum
             FROM unnest($2::date[], $3::int[], $4::int[], $5::text[], $6::text[], $7::int[], $8::float8[], $9::text[])
               AS t(on_date, item_id, quantity, bonus_type, bonus, reward_kamas, xp_ratio, checksum)
             ON CONFLICT (source_id, on_date) DO UPDATE SET item_id = excluded.item_id, quantity = excluded.quantity,
               bonus_type = excluded.bonus_type, bonus = excluded.bonus, reward_kamas = excluded.reward_kamas,
               xp_ratio = excluded.xp_ratio, checksum = excluded.checksum
             WHERE known.checksum <> excluded.checksum
             RETURNING xmax = 0 AS "isNew"`,
      values: [
        sourceId,
        column('date'),
        column('itemId'),
        column('quantity'),
        column('bonusType'),
        column('bonus'),
        column('rewardKamas'),
        column('xpRatio'),
        column('checksum'),
      ],
    });
    return rows.map(({ isNew }) => isNew);
  }
}
