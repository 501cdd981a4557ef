import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { CharacterFacts } from '../characters/character-state.js';
import { CharacterWriter, type FoundCharacter } from '../characters/character-writer.service.js';
import { fromCampaignSheet } from '../imports/campaign-sheet.js';
import { CampaignImportsRepository, type ImportSourceRow } from '../imports/campaign-imports.repository.js';
import type { ImportedCharacter } from '../imports/dnd5e-sheet.js';
import { asActor, type FoundryActor, readFoundryActor } from '../imports/foundry-actor.reader.js';
import { BIOGRAPHY_SECRET } from '../imports/import-desk.service.js';
import { ImportSeals } from '../imports/import-seals.service.js';
import { writeOwnCharacter } from '../imports/own-character.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { exportsOff, roleTooLow } from '../tabletop.errors.js';
import { writeFoundryActor } from './foundry-actor.writer.js';

export const CHARACTER_EXPORTS = ['foundry', 'json'] as const;
export type CharacterExportFormat = (typeof CHARACTER_EXPORTS)[number];

/**
 * A character as a file: what its reader sees of it. A Foundry actor that came in goes out over its original, so that nothing is lost; but only to
 * masters and to whoever brought it, since an original may hold what nobody else may know.
 */
@Injectable()
export class CharacterExports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly characters: CharacterWriter,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
    private readonly secrets: ObjectSecrets,
  ) {}

  /** @throws DomainError unknown object; one that does not show how it is played; masters who want nothing taken along */
  async write(
    caller: Principal,
    id: string,
    format: CharacterExportFormat,
  ): Promise<{ bytes: Buffer; name: string }> {
    const { found, source } = await this.uow.run(caller, async (tx) => {
      const character = await this.characters.find(tx, caller, id);
      return { found: character, source: await this.imports.findSourceOf(tx, character.object.id) };
    });
    const { object, seat, play } = found;
    const isOwn = object.ownerId === caller.id;
    if (play === null) throw roleTooLow('gm');
    if (seat.role !== 'gm' && !isOwn && !seat.campaign.hasExports) throw exportsOff();
    const actor = source?.source === 'foundry' ? await this.originalOf(source) : null;
    const secret = (await this.secrets.list(caller, id)).items.find(
      ({ field }) => field === BIOGRAPHY_SECRET,
    );
    const told = actor === null ? '' : readFoundryActor(actor).character.secretBiography;
    const character = toImported(found, secret?.text ?? told);
    const file =
      format === 'foundry' ? writeFoundryActor(character, actor) : writeOwnCharacter(object.id, character);
    return { bytes: Buffer.from(JSON.stringify(file)), name: `${fileName(object.name)}.json` };
  }

  /** Row-level security has shown the row to masters and to its bringer alone. */
  private async originalOf(source: ImportSourceRow): Promise<FoundryActor | null> {
    if (source.original === null) return null;
    const place = {
      table: 'tabletop.import_source',
      column: 'original',
      rowId: source.id,
      campaignId: source.campaignId,
    } as const;
    const [bytes] = await this.seals.open([{ ...place, sealed: source.original }]);
    return asActor(JSON.parse(bytes!.toString('utf8')));
  }
}

function toImported({ object, play }: FoundCharacter, secretBiography: string): ImportedCharacter {
  const { characterKind, ancestry } = object.details as Partial<CharacterFacts>;
  const sheet = fromCampaignSheet(play?.sheet ?? {});
  return {
    name: object.name,
    isNpc: characterKind !== 'pc',
    biography: object.body,
    secretBiography,
    sheet: { ...sheet, species: sheet.species === '' ? (ancestry ?? '') : sheet.species },
    sourceId: null,
  };
}

function fileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return plain.slice(0, 80) || 'character';
}
