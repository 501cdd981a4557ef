import { sha256 } from '../../platform/crypto/digest.js';
import { remainingOf, summarize } from '../catalysts/catalyst-list.js';
import type { OwnCatalyst, OwnCatalysts } from '../catalysts/own-catalysts.js';
import { toFactsDto, toObjectiveDto } from '../catalysts/catalysts.mapper.js';
import type { PublicShareDto, ShareDto, SharedCatalystDto, SharedSummaryDto } from './shares.dto.js';
import type { ShareRow } from './shares.repository.js';

const PUBLIC = '/api/v1/destiny/public/shares';

export function toShareDto(row: ShareRow, now: Date): ShareDto {
  return {
    id: row.id,
    slug: row.slug,
    path: `${PUBLIC}/${row.slug}`,
    cardPath: `${PUBLIC}/${row.slug}/card.svg`,
    shows: row.shows,
    recordHash: row.recordHash,
    displayName: row.displayName,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isExpired: row.expiresAt <= now,
  };
}

/** @param shown those of the owner's catalysts that the link shows one by one */
export function toPublicShareDto(
  share: ShareRow,
  own: OwnCatalysts,
  shown: readonly OwnCatalyst[],
): PublicShareDto {
  return {
    shows: share.shows,
    displayName: share.displayName,
    expiresAt: share.expiresAt.toISOString(),
    asOf: own.asOf?.toISOString() ?? null,
    isStale: own.isStale,
    summary: share.shows === 'catalyst' ? null : toSharedSummaryDto(own),
    items: shown.map(toSharedCatalystDto),
  };
}

function toSharedSummaryDto(own: OwnCatalysts): SharedSummaryDto {
  const { total, found, complete, inProgress, notFound, meanPct, bySlot, byElement } = summarize(own.entries);
  return {
    total,
    found,
    complete,
    inProgress,
    notFound,
    meanPct,
    bySlot: { ...bySlot },
    byElement: { ...byElement },
  };
}

function toSharedCatalystDto(entry: OwnCatalyst): SharedCatalystDto {
  const { facts, status } = entry;
  return {
    ...toFactsDto(facts),
    state: status.state,
    pct: status.pct,
    remaining: remainingOf(entry),
    objectives: status.objectives.map(toObjectiveDto),
  };
}

/** Names the very body. */
export function shareTagOf(share: PublicShareDto): string {
  return `"${sha256(JSON.stringify(share)).toString('base64url').slice(0, 27)}"`;
}
