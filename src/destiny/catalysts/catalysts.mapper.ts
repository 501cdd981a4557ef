import type { CatalystFacts } from './catalog.js';
import { type CatalystSummary, remainingOf } from './catalyst-list.js';
import type { OwnCatalyst, OwnCatalysts } from './catalyst-reads.service.js';
import type {
  CatalystDto,
  CatalystFactsDto,
  CatalystSummaryDto,
  DestinyAgeDto,
  ObjectiveDto,
} from './catalysts.dto.js';
import type { ObjectiveStatus } from './judge-catalyst.js';

/** Where Bungie serves pictures from; paths of the game are below it. */
const PICTURES = 'https://www.bungie.net';

export function toFactsDto(facts: CatalystFacts): CatalystFactsDto {
  return {
    recordHash: facts.recordHash,
    weaponHash: facts.weaponHash,
    weaponName: facts.weaponName,
    name: facts.name,
    icon: facts.icon === null ? null : PICTURES + facts.icon,
    weaponType: facts.weaponType,
    element: facts.element,
    slot: facts.slot,
    ammo: facts.ammo,
    season: facts.season,
    source: facts.source,
    activity: facts.activity,
  };
}

export function toCatalystDto(entry: OwnCatalyst): CatalystDto {
  const { facts, status, isTracked, foundAt, completedAt, progressedAt } = entry;
  return {
    ...toFactsDto(facts),
    state: status.state,
    pct: status.pct,
    remaining: remainingOf(entry),
    objectives: status.objectives.map(toObjectiveDto),
    isTracked,
    foundAt: instantOf(foundAt),
    completedAt: instantOf(completedAt),
    progressedAt: instantOf(progressedAt),
  };
}

export function toObjectiveDto(objective: ObjectiveStatus): ObjectiveDto {
  const { objectiveHash, text, progress, target, ratio, isComplete, isVisible } = objective;
  return { objectiveHash, text, progress, target, ratio, isComplete, isVisible };
}

export function toAgeDto({ asOf, isStale, recordsState }: OwnCatalysts): DestinyAgeDto {
  return { asOf: asOf?.toISOString() ?? null, isStale, recordsState };
}

export function toSummaryDto(summary: CatalystSummary, own: OwnCatalysts): CatalystSummaryDto {
  return {
    ...toAgeDto(own),
    total: summary.total,
    found: summary.found,
    complete: summary.complete,
    inProgress: summary.inProgress,
    notFound: summary.notFound,
    unavailable: summary.unavailable,
    hidden: summary.hidden,
    unknown: summary.unknown,
    nearCompletion: summary.nearCompletion,
    meanPct: summary.meanPct,
    bySlot: { ...summary.bySlot },
    byElement: { ...summary.byElement },
    byWeaponType: { ...summary.byWeaponType },
  };
}

/** PostgreSQL writes instants of documents in a form of its own. */
function instantOf(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}
