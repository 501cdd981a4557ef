import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { CharacterSheetEntity } from './character-sheet.entity.js';
import type { CharacterPlay, ProgressStep } from './character-state.js';

export type CharacterSheetRow = Omit<CharacterSheetEntity, 'updatedAt'>;

export type SheetVersion = Pick<CharacterSheetRow, 'objectId' | 'isOpen' | 'version'>;

const COLUMNS = `
  object_id AS "objectId", campaign_id AS "campaignId", is_open AS "isOpen", sheet, voice, guidance, xp, level, progress, version`;

/** How characters are played, in the scope of whoever asks. */
@Injectable()
export class CharacterSheetsRepository {
  /** Does nothing where there is one. */
  async insertSheet(tx: Tx, row: Omit<CharacterSheetRow, 'progress' | 'version'>): Promise<void> {
    await tx.query({
      name: 'tabletop.character-sheets.insert-sheet',
      text: `INSERT INTO tabletop.character_sheet (object_id, campaign_id, is_open, sheet, voice, guidance, xp, level)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      values: [row.objectId, row.campaignId, ...playValues(row), row.xp, row.level],
    });
  }

  /** @returns null where the caller does not see how it is played */
  async findSheet(tx: Tx, objectId: string): Promise<CharacterSheetRow | null> {
    const [row] = await tx.query<CharacterSheetRow>({
      name: 'tabletop.character-sheets.find-sheet',
      text: `SELECT ${COLUMNS} FROM tabletop.character_sheet WHERE object_id = $1`,
      values: [objectId],
    });
    return row ?? null;
  }

  /** @returns whether it was there for the caller to write */
  async updatePlay(tx: Tx, objectId: string, play: CharacterPlay): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.character-sheets.update-play',
      text: `UPDATE tabletop.character_sheet SET is_open = $2, sheet = $3, voice = $4, guidance = $5, updated_at = now()
             WHERE object_id = $1 RETURNING 1`,
      values: [objectId, ...playValues(play)],
    });
    return rows.length === 1;
  }

  /** What happens to it while it is closed is told by its own version alone. */
  async updateVersion(tx: Tx, objectId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.character-sheets.update-version',
      text: 'UPDATE tabletop.character_sheet SET version = version + 1 WHERE object_id = $1',
      values: [objectId],
    });
  }

  async updateProgress(
    tx: Tx,
    objectId: string,
    { xp, level, progress }: { xp: number; level: number | null; progress: readonly ProgressStep[] },
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.character-sheets.update-progress',
      text: `UPDATE tabletop.character_sheet SET xp = $2, level = $3, progress = $4, updated_at = now() WHERE object_id = $1`,
      values: [objectId, xp, level, JSON.stringify(progress)],
    });
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.character-sheets.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.character_sheet s
             WHERE campaign_id = $1 AND object_id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = s.object_id AND p.deleted_at IS NULL)
             ORDER BY object_id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}

function playValues({ isOpen, sheet, voice, guidance }: CharacterPlay): unknown[] {
  return [
    isOpen,
    sheet === null ? null : JSON.stringify(sheet),
    JSON.stringify(voice),
    JSON.stringify(guidance),
  ];
}
