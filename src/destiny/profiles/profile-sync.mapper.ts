import type { SourceView } from '../../platform/sync/sync-desk.service.js';
import type { RunRow } from '../../platform/sync/sync-runs.repository.js';
import type { DestinySyncRunDto, DestinySyncStatusDto } from './profile-sync.dto.js';
import type { ProfileRow } from './profiles.repository.js';
import { isStale } from './refresh-interval.js';

export function toRunDto(run: RunRow): DestinySyncRunDto {
  return {
    id: run.id,
    state: run.state,
    createdAt: run.createdAt.toISOString(),
    finishedAt: textOf(run.finishedAt),
    retryAt: textOf(run.retryAt),
    error: run.error,
  };
}

/** @param view undefined where nobody is connected @param profile undefined where nothing was read yet */
export function toStatusDto(
  view: SourceView | undefined,
  profile: ProfileRow | undefined,
  nowMs: number,
): DestinySyncStatusDto {
  const mintedMs = profile?.mintedAt?.getTime() ?? null;
  return {
    state: view?.state ?? 'unknown',
    error: view?.error ?? null,
    retryAt: textOf(view?.retryAt),
    lastSuccessAt: textOf(view?.lastSuccessAt),
    nextAt: textOf(profile?.dueAt),
    mintedAt: textOf(profile?.mintedAt),
    recordsMintedAt: textOf(profile?.recordsMintedAt),
    isStale: isStale(mintedMs, profile?.lastPlayedAt?.getTime() ?? null, nowMs),
    recordsState: profile?.recordsState ?? 'absent',
    inventoryState: profile?.inventoryState ?? 'absent',
    lastPlayedAt: textOf(profile?.lastPlayedAt),
    minutesPlayed: profile?.minutesPlayed ?? 0,
  };
}

function textOf(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
