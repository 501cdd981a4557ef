import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { BeatKind } from './plot-kinds.js';
import type { PlotBeatEntity } from './plot-beat.entity.js';

export type BeatRow = PlotBeatEntity;

/** What may be written of one. */
export type BeatContent = Pick<
  BeatRow,
  | 'title'
  | 'note'
  | 'visibility'
  | 'plantedIn'
  | 'plantedDay'
  | 'dueSession'
  | 'dueDay'
  | 'discoveredBy'
  | 'isDone'
  | 'doneIn'
  | 'doneDay'
>;

/** Sessions that are undefined stay: one that is deleted for now is read as none. */
export type BeatPatch = Omit<BeatContent, 'plantedIn' | 'doneIn'> & {
  readonly plantedIn: string | null | undefined;
  readonly doneIn: string | null | undefined;
};

/** Sessions are told to those alone who see them. */
const seenSession = (column: string): string =>
  `(SELECT s.id FROM tabletop.object s WHERE s.id = b.${column} AND s.campaign_id = b.campaign_id AND s.deleted_at IS NULL)`;
const COLUMNS = `b.id, b.campaign_id AS "campaignId", b.plot_id AS "plotId", b.kind, b.title, b.note, b.visibility,
  ${seenSession('planted_in')} AS "plantedIn", b.planted_day AS "plantedDay", b.due_session AS "dueSession", b.due_day AS "dueDay",
  b.discovered_by AS "discoveredBy", b.is_done AS "isDone", ${seenSession('done_in')} AS "doneIn", b.done_day AS "doneDay",
  b.version, b.created_at AS "createdAt", b.updated_at AS "updatedAt"`;

/** Milestones and hooks, in the scope of whoever asks. */
@Injectable()
export class PlotBeatsRepository {
  async insertBeat(
    tx: Tx,
    beat: BeatPatch & Pick<BeatRow, 'id' | 'campaignId' | 'plotId' | 'kind'>,
  ): Promise<BeatRow> {
    const [row] = await tx.query<BeatRow>({
      name: 'tabletop.plot-beats.insert-beat',
      text: `INSERT INTO tabletop.plot_beat AS b (id, campaign_id, plot_id, kind, title, note, visibility, planted_in, planted_day, due_session,
               due_day, discovered_by, is_done, done_in, done_day)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ${COLUMNS}`,
      values: [beat.id, beat.campaignId, beat.plotId, beat.kind, ...contentOf(beat)],
    });
    return row!;
  }

  /** @returns null when it has another version by now, or may not be written */
  async updateBeat(tx: Tx, id: string, version: number, beat: BeatPatch): Promise<BeatRow | null> {
    const [row] = await tx.query<BeatRow>({
      name: 'tabletop.plot-beats.update-beat',
      text: `UPDATE tabletop.plot_beat b SET title = $3, note = $4, visibility = $5, planted_in = CASE WHEN $14 THEN b.planted_in ELSE $6 END,
               planted_day = $7, due_session = $8, due_day = $9, discovered_by = $10, is_done = $11,
               done_in = CASE WHEN $15 THEN b.done_in ELSE $12 END, done_day = $13, version = version + 1, updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      values: [id, version, ...contentOf(beat), beat.plantedIn === undefined, beat.doneIn === undefined],
    });
    return row ?? null;
  }

  async deleteBeat(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'tabletop.plot-beats.delete-beat',
      text: 'DELETE FROM tabletop.plot_beat WHERE id = $1',
      values: [id],
    });
  }

  async findBeat(tx: Tx, plotId: string, kind: BeatKind, id: string): Promise<BeatRow | null> {
    const [row] = await tx.query<BeatRow>({
      name: 'tabletop.plot-beats.find-beat',
      text: `SELECT ${COLUMNS} FROM tabletop.plot_beat b WHERE b.id = $1 AND b.plot_id = $2 AND b.kind = $3`,
      values: [id, plotId, kind],
    });
    return row ?? null;
  }

  /** Oldest first. @param after only those behind this id */
  listPage(
    campaignId: string,
    plotId: string,
    kind: BeatKind,
    after: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.plot-beats.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.plot_beat b
             WHERE b.campaign_id = $1 AND b.plot_id = $2 AND b.kind = $3 AND ($4::uuid IS NULL OR b.id > $4) ORDER BY b.id LIMIT $5`,
      values: [campaignId, plotId, kind, after, limit],
      isPlannedAnew: true,
    };
  }

  async countBeats(tx: Tx, campaignId: string, plotId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.plot-beats.count-beats',
      text: 'SELECT count(*)::int AS count FROM tabletop.plot_beat WHERE campaign_id = $1 AND plot_id = $2',
      values: [campaignId, plotId],
    });
    return row!.count;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.plot-beats.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.plot_beat b
             WHERE b.campaign_id = $1 AND b.id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = b.plot_id AND p.deleted_at IS NULL)
             ORDER BY b.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}

function contentOf(beat: BeatPatch): unknown[] {
  return [
    beat.title,
    beat.note,
    beat.visibility,
    beat.plantedIn ?? null,
    beat.plantedDay,
    beat.dueSession,
    beat.dueDay,
    beat.discoveredBy,
    beat.isDone,
    beat.doneIn ?? null,
    beat.doneDay,
  ];
}
