import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import type { GenerationKind } from './draft.js';
import type { Audience, GenerationState } from './generation-kinds.js';
import type { ContextThing } from './generation-prompt.js';
import type { GenerationEntity } from './generation.entity.js';

export type GenerationRow = GenerationEntity;
export type NewGeneration = Omit<GenerationRow, 'version' | 'createdAt' | 'updatedAt'>;
/** What may be written of one later. */
export type GenerationContent = Pick<
  GenerationRow,
  'state' | 'output' | 'secrets' | 'madeBy' | 'model' | 'fault'
>;

export interface ContextCampaign {
  readonly aiPolicy: AiPolicy;
  readonly language: string;
  readonly system: string;
  readonly tone: Record<string, string>;
}

/** So many of a campaign are kept; of older ones those that became objects. */
export const MOST_KEPT = 1_000;
const MOST_CONTEXT = 60;

const COLUMNS = `
  g.id, g.campaign_id AS "campaignId", g.kind, g.seed, g.inputs, g.engine, g.engine_version AS "engineVersion", g.audience, g.state, g.output, g.secrets,
  g.made_by AS "madeBy", g.model, g.fault, g.job_id AS "jobId", g.object_id AS "objectId", g.version, g.created_at AS "createdAt",
  g.updated_at AS "updatedAt"`;

/** Drafts of a campaign, in the scope of its masters or of the platform. */
@Injectable()
export class GenerationsRepository {
  async insertGeneration(tx: Tx, row: NewGeneration): Promise<void> {
    await tx.query({
      name: 'tabletop.generations.insert-generation',
      text: `INSERT INTO tabletop.generation (id, campaign_id, kind, seed, inputs, engine, engine_version, audience, state, output, secrets, made_by,
               model, fault, job_id, object_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      values: [
        row.id,
        row.campaignId,
        row.kind,
        row.seed,
        JSON.stringify(row.inputs),
        row.engine,
        row.engineVersion,
        row.audience,
        row.state,
        JSON.stringify(row.output),
        row.secrets,
        row.madeBy,
        row.model,
        row.fault,
        row.jobId,
        row.objectId,
      ],
    });
  }

  /** Those beyond the newest that nobody has taken over. */
  async deleteOld(tx: Tx, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.generations.delete-old',
      text: `DELETE FROM tabletop.generation WHERE campaign_id = $1 AND state IN ('draft', 'discarded')
               AND id < (SELECT id FROM tabletop.generation WHERE campaign_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      values: [campaignId, MOST_KEPT - 1],
    });
  }

  find(id: string): Statement {
    return {
      name: 'tabletop.generations.find',
      text: `SELECT ${COLUMNS} FROM tabletop.generation g WHERE g.id = $1`,
      values: [id],
    };
  }

  /** Nobody else changes it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<GenerationRow | null> {
    const [row] = await tx.query<GenerationRow>({
      name: 'tabletop.generations.lock',
      text: `SELECT ${COLUMNS} FROM tabletop.generation g WHERE g.id = $1 FOR NO KEY UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  /** Newest first. @param before only older ones than this id */
  listPage(
    campaignId: string,
    filter: { kind?: GenerationKind | undefined; state?: GenerationState | undefined },
    before: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.generations.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.generation g
             WHERE g.campaign_id = $1 AND ($2::text IS NULL OR g.kind = $2) AND ($3::text IS NULL OR g.state = $3) AND ($4::uuid IS NULL OR g.id < $4)
             ORDER BY g.id DESC LIMIT $5`,
      values: [campaignId, filter.kind ?? null, filter.state ?? null, before, limit],
      isPlannedAnew: true,
    };
  }

  /** @returns null when it has another version by now */
  async updateGeneration(
    tx: Tx,
    id: string,
    version: number,
    row: GenerationContent,
  ): Promise<GenerationRow | null> {
    const [changed] = await tx.query<GenerationRow>({
      name: 'tabletop.generations.update-generation',
      text: `UPDATE tabletop.generation g SET state = $3, output = $4, secrets = $5, made_by = $6, model = $7, fault = $8, version = version + 1,
               updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      values: [
        id,
        version,
        row.state,
        JSON.stringify(row.output),
        row.secrets,
        row.madeBy,
        row.model,
        row.fault,
      ],
    });
    return changed ?? null;
  }

  /** @param tx of the system role */
  async findCampaign(tx: Tx, id: string): Promise<ContextCampaign | null> {
    const [row] = await tx.query<ContextCampaign>({
      name: 'tabletop.generations.find-campaign',
      text: `SELECT ai_policy AS "aiPolicy", language, system, tone FROM tabletop.campaign WHERE id = $1 AND deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /** What was touched last of places, people and plots, of that which everybody may know whom the draft is meant for. */
  async listContext(tx: Tx, campaignId: string, audience: Audience): Promise<ContextThing[]> {
    return tx.query({
      name: 'tabletop.generations.list-context',
      text: `SELECT kind, name, summary, visibility FROM tabletop.object
             WHERE campaign_id = $1 AND kind IN ('location', 'character', 'plot') AND deleted_at IS NULL
               AND ($2::text = 'gm' OR visibility IN ('party', 'public'))
             ORDER BY updated_at DESC, id LIMIT $3`,
      values: [campaignId, audience, MOST_CONTEXT],
      isPlannedAnew: true,
    });
  }

  /** Details of a place of the campaign, where the caller sees it. */
  async findPlace(tx: Tx, campaignId: string, id: string): Promise<object | null> {
    const [row] = await tx.query<{ details: object }>({
      name: 'tabletop.generations.find-place',
      text: `SELECT details FROM tabletop.object WHERE campaign_id = $1 AND id = $2 AND kind = 'location' AND deleted_at IS NULL`,
      values: [campaignId, id],
    });
    return row?.details ?? null;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.generations.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.generation g WHERE g.campaign_id = $1 AND g.id > $2 ORDER BY g.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
