import type { Seat } from '../campaigns/campaign-access.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import type { AchievementDto, ArcStatus, CharacterArcDto } from './character-arcs.dto.js';

/** What an arc's `details` hold. */
export interface ArcDetails {
  readonly status?: ArcStatus;
  readonly goals?: string[];
  readonly milestones?: { text: string; reachedAt?: string | null }[];
  readonly spotlightMinutes?: number;
}

/** What an achievement's `details` hold. */
export interface AchievementDetails {
  readonly awardedAt?: string;
}

export function toCharacterArcDto(row: ObjectRow, seat: Seat): CharacterArcDto {
  const { status, goals, milestones = [], spotlightMinutes } = row.details as ArcDetails;
  const reached = milestones.filter(({ reachedAt }) => reachedAt != null).length;
  return {
    ...toCampaignObjectDto(row, seat),
    status: status ?? 'planned',
    goals: goals ?? [],
    milestones: milestones.map(({ text, reachedAt }) => ({ text, reachedAt: reachedAt ?? null })),
    progressPct: milestones.length === 0 ? null : Math.floor((reached / milestones.length) * 100),
    spotlightMinutes: spotlightMinutes ?? 0,
  };
}

export function toAchievementDto(row: ObjectRow, seat: Seat): AchievementDto {
  const { awardedAt } = row.details as AchievementDetails;
  return { ...toCampaignObjectDto(row, seat), awardedAt: awardedAt ?? row.createdAt.toISOString() };
}
