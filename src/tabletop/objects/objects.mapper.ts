import type { Seat } from '../campaigns/campaign-access.service.js';
import type { ChangeRow } from './changes.repository.js';
import type { AnyObjectDto, CampaignLogEntryDto, CampaignObjectDto } from './objects.dto.js';
import type { ObjectRow } from './objects.repository.js';

type Reader = Pick<Seat, 'role' | 'userId' | 'isGuest'>;

/** What every room answers of an object. @param reader who reads it */
export function toCampaignObjectDto(row: ObjectRow, reader: Reader): CampaignObjectDto {
  const mayKnowViewers = reader.role === 'gm' || row.ownerId === reader.userId;
  return {
    id: row.id,
    campaignId: row.campaignId,
    kind: row.kind,
    name: row.name,
    summary: row.summary,
    body: row.body,
    tags: row.tags,
    aliases: row.aliases,
    visibility: row.visibility,
    shownTo: mayKnowViewers ? row.shownTo : null,
    ownerId: reader.isGuest ? null : row.ownerId,
    parentId: row.parentId,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toAnyObjectDto(row: ObjectRow, reader: Reader): AnyObjectDto {
  return { ...toCampaignObjectDto(row, reader), details: toShownDetails(row, reader) };
}

/** A table names others that are hidden: what a reader may know of its rows is told by the tables' own routes. */
function toShownDetails({ kind, details }: ObjectRow, { role }: Reader): object {
  return kind === 'table' && role !== 'gm' ? {} : details;
}

export function toCampaignLogEntryDto(row: ChangeRow): CampaignLogEntryDto {
  return {
    id: String(row.id),
    objectId: row.objectId,
    kind: row.kind,
    actorId: row.actorId,
    action: row.action,
    before: row.before,
    after: row.after,
    requestId: row.requestId,
    at: row.at.toISOString(),
  };
}
