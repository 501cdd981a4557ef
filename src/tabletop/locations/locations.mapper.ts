import type { FoundObject } from '../objects/campaign-objects.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { EffectiveTraits, EffectiveValue } from './inherited-traits.js';
import { locationDetailsOf } from './location-kinds.js';
import type { GrownPlace } from './location-tree.js';
import type {
  CampaignLocationDto,
  CampaignLocationItemDto,
  EffectiveEnvironmentDto,
  EffectiveTraitDto,
  LocationTreeItemDto,
  PlaceNameDto,
} from './locations.dto.js';
import type { PlaceTraitsDto } from './place-traits.dto.js';
import type { TreeRow } from './locations.repository.js';

export function toLocationItemDto({ object, seat }: FoundObject): CampaignLocationItemDto {
  const { type, population, position, traits } = locationDetailsOf(object.details);
  return {
    ...toCampaignObjectDto(object, seat),
    details: { type, population, position, traits: traits as PlaceTraitsDto },
  };
}

/** @param around the places around it, the innermost first */
export function toLocationDto(found: FoundObject, around: readonly PlaceNameDto[]): CampaignLocationDto {
  return { ...toLocationItemDto(found), breadcrumbs: around.map(toPlaceNameDto).reverse() };
}

export function toTreeItemDto({ place, depth, parentId }: GrownPlace<TreeRow>): LocationTreeItemDto {
  const { id, name, visibility, details } = place;
  return { id, name, type: locationDetailsOf(details).type, visibility, parentId, depth };
}

/** @param names of the sources */
export function toEnvironmentDto(
  { values, lists }: EffectiveTraits,
  names: ReadonlyMap<string, PlaceNameDto>,
): EffectiveEnvironmentDto {
  const told = ({ value, fromId }: EffectiveValue): EffectiveTraitDto => ({
    value,
    from: names.get(fromId)!,
  });
  return {
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, told(value)])),
    lists: Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(told)])),
  };
}

function toPlaceNameDto({ id, name }: PlaceNameDto): PlaceNameDto {
  return { id, name };
}
