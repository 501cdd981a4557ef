import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import yazl from 'yazl';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { isRecord } from '../imports/value-reader.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { OBJECT_KINDS } from '../objects/object-kinds.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { exportsOff } from '../tabletop.errors.js';
import { type VaultObject, writeVault } from './obsidian-vault.writer.js';

const PORTION = 500;
/** Names are made unique over all of them, so they are in memory together. */
const MOST_OBJECTS = 20_000;

/** A campaign as a folder of Obsidian, as whoever takes it sees it; secrets are no part of it. */
@Injectable()
export class ObsidianExports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
  ) {}

  /** @returns a ZIP @throws DomainError unknown campaign; masters who want nothing taken along */
  async write(caller: Principal, campaignId: string): Promise<Readable> {
    const rows = await this.rowsOf(caller, campaignId);
    const zip = new yazl.ZipFile();
    for (const { path, text } of writeVault(rows.map(toVaultObject)))
      zip.addBuffer(Buffer.from(text), path, { mtime: new Date(0) });
    zip.end();
    return zip.outputStream as unknown as Readable;
  }

  private async rowsOf(caller: Principal, campaignId: string): Promise<ObjectRow[]> {
    const all: ObjectRow[] = [];
    let after: readonly [string, string] | null = null;
    for (;;) {
      const rows: ObjectRow[] = await this.uow.run(caller, async (tx) => {
        const seat = await this.access.require(tx, caller, campaignId);
        if (!seat.campaign.hasExports && seat.role !== 'gm') throw exportsOff();
        return this.objects.list(tx, seat, { kinds: OBJECT_KINDS }, after, PORTION);
      });
      all.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PORTION || all.length >= MOST_OBJECTS) return all;
      after = [last.name, last.id];
    }
  }
}

function toVaultObject({
  id,
  kind,
  name,
  summary,
  body,
  tags,
  aliases,
  parentId,
  details,
}: ObjectRow): VaultObject {
  const { imported } = details as { imported?: unknown };
  return {
    id,
    kind,
    name,
    summary,
    body,
    tags,
    aliases,
    parentId,
    extra: isRecord(imported) ? imported : {},
  };
}
