import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
/** Of what was packed here. */
const MOST_BYTES = 64 * 1_048_576;

export interface SealPlace {
  readonly table: 'tabletop.import' | 'tabletop.import_source';
  readonly column: 'file' | 'mapped' | 'original';
  readonly rowId: string;
  readonly campaignId: string;
}

/** Originals hold what masters alone may know, so they lie packed and sealed with the key of their campaign, which the platform's role may use. */
@Injectable()
export class ImportSeals {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly vault: Vault,
  ) {}

  async seal(values: readonly (SealPlace & { bytes: Uint8Array })[]): Promise<Buffer[]> {
    const packed = await Promise.all(values.map(({ bytes }) => pack(bytes)));
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const sealed: Buffer[] = [];
      for (const [at, place] of values.entries())
        sealed.push(await this.vault.seal(tx, placeOf(place), packed[at]!));
      return sealed;
    });
  }

  async open(values: readonly (SealPlace & { sealed: Uint8Array })[]): Promise<Buffer[]> {
    const packed = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.vault.openAll(
        tx,
        values.map(({ sealed, ...place }) => ({ place: placeOf(place), value: sealed })),
      ),
    );
    return Promise.all(packed.map((bytes) => unpack(bytes, { maxOutputLength: MOST_BYTES })));
  }
}

function placeOf({ table, column, rowId, campaignId }: SealPlace): SecretPlace {
  return { table, column, rowId, userId: campaignId };
}
