import { pictureUrl } from '../bungie/picture-url.js';
import type { CatalystFacts } from './catalog.js';
import { type CatalystSummary, remainingOf } from './catalyst-list.js';
import type { OwnCatalyst, OwnCatalysts } from './own-catalysts.js';
import type {
  CatalystDto,
  CatalystFactsDto,
  CatalystSummaryDto,
  DestinyAgeDto,
  ObjectiveDto,
} from './catalysts.dto.js';
import type { ObjectiveStatus } from './judge-catalyst.js';

/** Facts never change once a catalog is built, and each answer holds those of all catalysts: their part is made once. */
const factsDtos = new WeakMap<CatalystFacts, Readonly<CatalystFactsDto>>();

export function toFactsDto(facts: CatalystFacts): Readonly<CatalystFactsDto> {
  const known = factsDtos.get(facts);
  if (known !== undefined) return known;
  const made = Object.freeze(makeFactsDto(facts));
  factsDtos.set(facts, made);
  return made;
}

function makeFactsDto(facts: CatalystFacts): CatalystFactsDto {
  return {
    recordHash: facts.recordHash,
    weaponHash: facts.weaponHash,
    weaponName: facts.weaponName,
    name: facts.name,
    icon: pictureUrl(facts.icon),
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
  const known = toFactsDto(facts);
  // Each field by name rather than by a spread, which makes an object of a slow kind out of so many.
  return {
    recordHash: known.recordHash,
    weaponHash: known.weaponHash,
    weaponName: known.weaponName,
    name: known.name,
    icon: known.icon,
    weaponType: known.weaponType,
    element: known.element,
    slot: known.slot,
    ammo: known.ammo,
    season: known.season,
    source: known.source,
    activity: known.activity,
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

const UTC = '+00:00';
const LENGTH_IN_S = '2026-06-09T17:00:00+00:00'.length;
const LENGTH_IN_MS = '2026-06-09T17:00:00.123+00:00'.length;

/** PostgreSQL writes instants of documents in a form of its own: the zone as an offset, and no zeros at the end of fractions. */
export function instantOf(text: string | null): string | null {
  if (text === null) return null;
  if (text.endsWith(UTC)) {
    if (text.length === LENGTH_IN_MS) return `${text.slice(0, -UTC.length)}Z`;
    if (text.length === LENGTH_IN_S) return `${text.slice(0, -UTC.length)}.000Z`;
  }
  return new Date(text).toISOString();
}
