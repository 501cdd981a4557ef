import type { ShownLinkRow } from '../links/links.repository.js';
import type { LocationEdgeDto } from './location-edges.dto.js';

export function toLocationEdgeDto(link: ShownLinkRow): LocationEdgeDto {
  return {
    id: link.id,
    from: { id: link.fromId, name: link.fromName },
    to: { id: link.toId, name: link.toName },
    type: link.type,
    isDirected: link.isDirected,
    distanceM: link.distanceM,
    travelTimeS: link.travelTimeS,
    note: (link.details as { note?: string }).note ?? '',
    visibility: link.visibility,
    version: link.version,
  };
}
