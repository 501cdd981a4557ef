import type { MentionDto, MentionWay, RelatedObjectDto } from './mentions.dto.js';
import { MENTION_WAYS } from './mentions.dto.js';
import type { MentioningRow, RelatedRow } from './mentions.repository.js';
import { toFoundObjectDto } from './search.mapper.js';

export function toMentionDto(row: MentioningRow): MentionDto {
  const ways = new Set<string>([...(row.isInText ? ['text'] : []), ...row.linkKinds]);
  return {
    object: toFoundObjectDto(row),
    by: MENTION_WAYS.filter((way): way is MentionWay => ways.has(way)),
    headline: row.headline === '' ? null : row.headline,
  };
}

export function toRelatedObjectDto(row: RelatedRow): RelatedObjectDto {
  const { sharedCount, sharedNames, sharedTags } = row;
  const more = sharedCount - sharedNames.length;
  return {
    object: toFoundObjectDto(row),
    reasons: [
      ...(row.isMentioned ? ['The text names it.'] : []),
      ...(row.isMentioning ? ['Its text names this.'] : []),
      ...(sharedCount > 0
        ? [`Both are linked to ${sharedNames.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`]
        : []),
      ...(sharedTags.length > 0 ? [`Both are tagged ${sharedTags.join(', ')}.`] : []),
    ],
  };
}
