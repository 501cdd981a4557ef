import type { ObjectKind } from '../objects/object-kinds.js';
import type { DraftSecret, GenerationKind } from './draft.js';
import type { GenerationDto, GenerationSummaryDto } from './generations.dto.js';
import type { GenerationRow } from './generations.repository.js';
import { storedDraft } from './stored-draft.js';

export const GENERATOR_ATTRIBUTION =
  'This work includes material from the System Reference Document 5.1 and 5.2 by Wizards of the Coast LLC, licensed under the Creative Commons ' +
  'Attribution 4.0 International License (https://creativecommons.org/licenses/by/4.0/legalcode). Names follow syllables of the name bases of ' +
  "Azgaar's Fantasy Map Generator (MIT).";

/** What a draft becomes. */
export const OBJECT_OF: Readonly<Record<GenerationKind, ObjectKind>> = {
  npc: 'character',
  location: 'location',
  shop: 'location',
  encounter: 'encounter',
  loot: 'item',
  hook: 'plot',
};

export function toGenerationSummaryDto(row: GenerationRow): GenerationSummaryDto {
  const { name, summary, body, tags, details } = storedDraft(row.output, []);
  return {
    id: row.id,
    campaignId: row.campaignId,
    kind: row.kind,
    seed: row.seed,
    inputs: row.inputs as Record<string, unknown>,
    engine: row.engine,
    engineVersion: row.engineVersion,
    audience: row.audience,
    state: row.state,
    madeBy: row.madeBy,
    model: row.model,
    fault: row.fault,
    jobId: row.jobId,
    draft: { name, summary, body, tags: [...tags], details: { ...details } },
    objectId: row.state === 'accepted' ? row.objectId : null,
    objectKind: OBJECT_OF[row.kind],
    attribution: GENERATOR_ATTRIBUTION,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toGenerationDto(row: GenerationRow, secrets: readonly DraftSecret[]): GenerationDto {
  return { ...toGenerationSummaryDto(row), secrets: secrets.map(({ field, text }) => ({ field, text })) };
}
