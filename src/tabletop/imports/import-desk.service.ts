import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import type { CampaignImportDto } from './campaign-imports.dto.js';
import { toCampaignImportDto } from './campaign-imports.mapper.js';
import { CampaignImports } from './campaign-imports.service.js';
import { CharacterImports } from './character-imports.service.js';
import type { CharacterSource } from './character-file.reader.js';
import type { ImportSource } from './mapping-report.js';

/** The secret that holds what a file says for masters alone. */
export const BIOGRAPHY_SECRET = 'biography';

/** Which way a file takes: sheets at once, lists and folders by a job. */
@Injectable()
export class ImportDesk {
  constructor(
    private readonly characters: CharacterImports,
    private readonly objects: CampaignImports,
    private readonly secrets: ObjectSecrets,
  ) {}

  /** @throws DomainError unknown campaign; an observer's role; a file that is none */
  bring(
    caller: Principal,
    campaignId: string,
    source: ImportSource,
    kind: ObjectKind,
    bytes: Buffer,
  ): Promise<CampaignImportDto> {
    if (source === 'json' || source === 'csv' || source === 'obsidian')
      return this.objects.begin(caller, campaignId, source, kind, bytes);
    return this.bringCharacter(caller, campaignId, source, bytes);
  }

  /** What is for masters alone becomes a secret where a master brings it; of a player it stays with the original. */
  async bringCharacter(
    caller: Principal,
    campaignId: string,
    source: CharacterSource,
    bytes: Buffer,
  ): Promise<CampaignImportDto> {
    const { row, objectId, secretBiography, isMaster } = await this.characters.bring(
      caller,
      campaignId,
      source,
      bytes,
    );
    if (objectId !== null && isMaster && secretBiography !== '') {
      const { items } = await this.secrets.list(caller, objectId);
      const there = items.find(({ field }) => field === BIOGRAPHY_SECRET);
      if (there === undefined)
        await this.secrets.put(caller, objectId, BIOGRAPHY_SECRET, { text: secretBiography });
    }
    return toCampaignImportDto(row);
  }
}
