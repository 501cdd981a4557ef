import type { DefinitionDto, FoundDefinitionDto } from './definitions.dto.js';
import type { DefinitionRow, FoundDefinitionRow } from './definitions.repository.js';

export function toDefinitionDto(
  type: string,
  language: string,
  { hash, version, json }: Pick<DefinitionRow, 'hash' | 'version' | 'json'>,
): DefinitionDto {
  return { type, hash, language, version, definition: json };
}

export function toFoundDefinitionDto({ hash, name, icon, kind }: FoundDefinitionRow): FoundDefinitionDto {
  return { hash, name, icon, kind };
}
