import type { Seat } from '../campaigns/campaign-access.service.js';
import { TEXT_CONFIGURATION } from '../campaigns/campaign-kinds.js';
import type { NameViewer } from '../names/name-index.js';
import type { Asker } from './search.repository.js';

export function toAsker(seat: Seat): Asker {
  const { campaignId, userId, role, campaign } = seat;
  return { campaignId, userId, role, config: TEXT_CONFIGURATION[campaign.language] };
}

/** @param granted ids of what is lent to them */
export function toViewer(seat: Seat, granted: readonly string[]): NameViewer {
  return { userId: seat.userId, isMaster: seat.role === 'gm', granted };
}
