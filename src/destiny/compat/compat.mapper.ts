import type { ConversationDto } from '../agent/conversations.dto.js';
import type { MessageRow } from '../agent/messages.repository.js';
import type { OwnCatalyst } from '../catalysts/own-catalysts.js';
import type {
  CompatCatalystDto,
  CompatDestinyConversationDto,
  CompatDestinyMessageDto,
} from './compat.dto.js';

const UNTITLED = 'New conversation';

/** As Python writes instants. */
export function pythonInstant(iso: string): string {
  return iso.replace(/\.(\d{3})Z$/, '.$1000+00:00');
}

export function toCompatConversation(
  { id, title, isArchived, createdAt, updatedAt }: ConversationDto,
  bungieId: string | null,
): CompatDestinyConversationDto {
  return {
    id,
    user_bungie_id: bungieId ?? '',
    title: title ?? UNTITLED,
    created_at: pythonInstant(createdAt),
    updated_at: pythonInstant(updatedAt),
    archived: isArchived,
  };
}

export function toCompatMessage({
  id,
  role,
  content,
  createdAt,
  orderIndex,
}: MessageRow): CompatDestinyMessageDto {
  return { id, role, content, timestamp: pythonInstant(createdAt.toISOString()), order_index: orderIndex };
}

/** Progress never passes its target here, nor a percentage 100: the original's did. */
export function toCompatCatalyst({ facts, status }: OwnCatalyst): CompatCatalystDto {
  const isComplete = status.state === 'complete';
  return {
    name: facts.name,
    description: facts.source ?? '',
    weapon_type: facts.weaponType ?? 'Exotic',
    objectives: status.objectives
      .filter(({ isVisible }) => isVisible)
      .map(({ text, progress, target, isComplete: complete }) => ({
        description: text ?? '',
        progress: Math.min(Math.max(progress ?? 0, 0), target ?? 0),
        completion: target ?? 0,
        complete,
      })),
    complete: isComplete,
    progress: status.pct,
    record_hash: facts.recordHash,
  };
}
