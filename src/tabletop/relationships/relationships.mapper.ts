import type { Seat } from '../campaigns/campaign-access.service.js';
import type { ShownLinkRow } from '../links/links.repository.js';
import type { LinkEventRow } from './link-events.repository.js';
import type { RelationshipDto, RelationshipEventDto } from './relationships.dto.js';

/** What links of the kind keep in `details`. */
export interface RelationshipDetails {
  readonly notes?: string;
}

export function toRelationshipDto(row: ShownLinkRow, reader: Pick<Seat, 'role'>): RelationshipDto {
  return {
    id: row.id,
    campaignId: row.campaignId,
    from: { id: row.fromId, name: row.fromName, kind: row.fromKind },
    to: { id: row.toId, name: row.toName, kind: row.toKind },
    type: row.type,
    isDirected: row.isDirected,
    strength: row.strength,
    notes: (row.details as RelationshipDetails).notes ?? '',
    visibility: row.visibility,
    shownTo: reader.role === 'gm' ? row.shownTo : null,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toRelationshipEventDto(row: LinkEventRow): RelationshipEventDto {
  return {
    id: row.id,
    happenedAt: row.happenedAt.toISOString(),
    worldDate: row.worldDate,
    type: row.type,
    strength: row.strength,
    notes: row.notes,
  };
}
