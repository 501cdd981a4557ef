import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import type { DraftSecret } from './draft.js';
import type { GenerationRow } from './generations.repository.js';

const secretsSchema = z.array(z.object({ field: z.string(), text: z.string() }));

type Place = Pick<GenerationRow, 'id' | 'campaignId'>;

/** What masters alone know of a draft: sealed with the campaign's key, which the platform's role alone may use. */
@Injectable()
export class DraftSeals {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly vault: Vault,
  ) {}

  seal(place: Place, secrets: readonly DraftSecret[]): Promise<Buffer> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.sealIn(tx, place, secrets));
  }

  /** @param tx of the system role */
  sealIn(tx: Tx, place: Place, secrets: readonly DraftSecret[]): Promise<Buffer> {
    return this.vault.seal(tx, placeOf(place), JSON.stringify(secrets));
  }

  async open(row: Place & Pick<GenerationRow, 'secrets'>): Promise<DraftSecret[]> {
    return row.secrets === null ? [] : this.system.run(SYSTEM_SCOPE, (tx) => this.openIn(tx, row));
  }

  /** Those of many drafts in one go. @returns in their order */
  openAll(rows: readonly (Place & Pick<GenerationRow, 'secrets'>)[]): Promise<DraftSecret[][]> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const opened: DraftSecret[][] = [];
      for (const row of rows) opened.push(await this.openIn(tx, row));
      return opened;
    });
  }

  /** @param tx of the system role */
  async openIn(tx: Tx, row: Place & Pick<GenerationRow, 'secrets'>): Promise<DraftSecret[]> {
    if (row.secrets === null) return [];
    const text = (await this.vault.open(tx, placeOf(row), row.secrets)).toString('utf8');
    return secretsSchema.parse(JSON.parse(text));
  }
}

function placeOf({ id, campaignId }: Place): SecretPlace {
  return { table: 'tabletop.generation', column: 'secrets', rowId: id, userId: campaignId };
}
