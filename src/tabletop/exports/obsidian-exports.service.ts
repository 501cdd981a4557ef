import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import yazl from 'yazl';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { FIRST_ID } from '../campaigns/campaign-part.js';
import { isRecord } from '../imports/value-reader.js';
import { LinksRepository, type ShownLinkRow } from '../links/links.repository.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { OBJECT_KINDS } from '../objects/object-kinds.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { exportsOff } from '../tabletop.errors.js';
import { VaultCountsRepository } from './vault-counts.repository.js';
import { type VaultObject, type VaultRelation, writeManifest, writeVault } from './obsidian-vault.writer.js';

const PORTION = 500;
/** Names are made unique over all of them, so they are in memory together; what is left out is told in the manifest. */
export const MOST_VAULT = { objects: 20_000, relations: 100_000 } as const;
type Most = Readonly<Record<keyof typeof MOST_VAULT, number>>;

/** A campaign as a folder of Obsidian, as whoever takes it sees it; secrets are no part of it. */
@Injectable()
export class ObsidianExports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly links: LinksRepository,
    private readonly counts: VaultCountsRepository,
  ) {}

  /** @returns a ZIP @throws DomainError unknown campaign; masters who want nothing taken along */
  async write(caller: Principal, campaignId: string, most: Most = MOST_VAULT): Promise<Readable> {
    const rows = await this.rowsOf(caller, campaignId, most.objects);
    const relations = await this.relationsOf(caller, campaignId, most.relations);
    const { notes, relationCount } = writeVault(rows.map(toVaultObject), relations.slice(0, most.relations));
    const manifest = writeManifest({
      objects: {
        written: rows.length,
        seen: await this.seenBy(caller, campaignId, rows.length, most.objects),
      },
      relations: { written: relationCount, isAll: relations.length <= most.relations },
    });
    const zip = new yazl.ZipFile();
    for (const { path, text } of [...notes, manifest])
      zip.addBuffer(Buffer.from(text), path, { mtime: new Date(0) });
    zip.end();
    return zip.outputStream as unknown as Readable;
  }

  private async rowsOf(caller: Principal, campaignId: string, most: number): Promise<ObjectRow[]> {
    const all: ObjectRow[] = [];
    let after: readonly [string, string] | null = null;
    for (;;) {
      const limit = Math.min(PORTION, most - all.length);
      const rows: ObjectRow[] = await this.asSeated(caller, campaignId, (tx, seat) =>
        this.objects.list(tx, seat, { kinds: OBJECT_KINDS }, after, limit),
      );
      all.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit || all.length >= most) return all;
      after = [last.name, last.id];
    }
  }

  /** One more than wanted where there are more. Both ends of each are seen. */
  private async relationsOf(caller: Principal, campaignId: string, most: number): Promise<VaultRelation[]> {
    const all: VaultRelation[] = [];
    for (let after = FIRST_ID; ;) {
      const rows = await this.asSeated(caller, campaignId, (tx, seat) =>
        tx.query<ShownLinkRow>(this.links.listCampaign(seat.campaignId, after, PORTION)),
      );
      all.push(...rows.map(toVaultRelation));
      const last = rows.at(-1);
      if (last === undefined || rows.length < PORTION || all.length > most) return all;
      after = last.id;
    }
  }

  private async seenBy(caller: Principal, campaignId: string, read: number, most: number): Promise<number> {
    if (read < most) return read;
    return this.asSeated(caller, campaignId, (tx, seat) => this.counts.countObjects(tx, seat.campaignId));
  }

  /** Each portion asks anew who is asking. */
  private asSeated<Result>(
    caller: Principal,
    campaignId: string,
    work: (tx: Tx, seat: Seat) => Promise<Result>,
  ): Promise<Result> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      if (!seat.campaign.hasExports && seat.role !== 'gm') throw exportsOff();
      return work(tx, seat);
    });
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
    ...{ id, kind, name, summary, body, tags, aliases, parentId },
    extra: isRecord(imported) ? imported : {},
  };
}

function toVaultRelation({ kind, type, fromId, toId, isDirected }: ShownLinkRow): VaultRelation {
  return { kind, type, fromId, toId, isDirected };
}
