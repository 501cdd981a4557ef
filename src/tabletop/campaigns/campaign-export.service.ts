import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type MemberRow, MembersRepository } from '../members/members.repository.js';
import { toCampaignMemberDto } from '../members/members.mapper.js';
import { CampaignLinks } from '../links/campaign-links.service.js';
import { LINK_KINDS } from '../links/link-kinds.js';
import type { ShownLinkRow } from '../links/links.repository.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { OBJECT_KINDS } from '../objects/object-kinds.js';
import { toAnyObjectDto } from '../objects/objects.mapper.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { type SecretRow, SecretsRepository } from '../secrets/secrets.repository.js';
import { exportsOff } from '../tabletop.errors.js';
import { CampaignAccess, type Seat } from './campaign-access.service.js';
import { toCampaignDto } from './campaigns.mapper.js';

const PORTION = 200;
export const EXPORT_FORMAT = 'guildhall-campaign/1';

/** A campaign to take along, as whoever takes it sees it: masters all, others what is shown to them, secrets likewise. */
@Injectable()
export class CampaignExport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly members: MembersRepository,
    private readonly objects: CampaignObjects,
    private readonly secretRows: SecretsRepository,
    private readonly secrets: ObjectSecrets,
    private readonly campaignLinks: CampaignLinks,
  ) {}

  /**
   * The file as portions of JSON text. Each portion is read in a transaction of its own, so a long one holds nothing up.
   * @throws DomainError before the first portion: unknown campaign; its masters want nothing taken along
   */
  async open(caller: Principal, campaignId: string): Promise<AsyncGenerator<string>> {
    const { seat, members } = await this.uow.run(caller, async (tx) => {
      const found = await this.access.require(tx, caller, campaignId);
      return {
        seat: found,
        members: await tx.query<MemberRow>(this.members.listMembers(found.campaignId)),
      };
    });
    if (!seat.campaign.hasExports && seat.role !== 'gm') throw exportsOff();
    return this.portions(caller, seat, members);
  }

  private async *portions(
    caller: Principal,
    seat: Seat,
    members: readonly MemberRow[],
  ): AsyncGenerator<string> {
    const campaign = toCampaignDto({ ...seat.campaign, role: seat.role }, caller.id);
    const head = { format: EXPORT_FORMAT, campaign, members: members.map(toCampaignMemberDto) };
    yield `${JSON.stringify(head).slice(0, -1)},"objects":[`;
    let after: readonly [string, string] | null = null;
    for (;;) {
      const rows = await this.portion(caller, seat, after);
      const last = rows.at(-1);
      if (last === undefined) break;
      yield `${after === null ? '' : ','}${rows.map(({ text }) => text).join(',')}`;
      after = last.key;
      if (rows.length < PORTION) break;
    }
    yield '],"links":[';
    let isFirst = true;
    for await (const rows of this.links(caller, seat)) {
      yield `${isFirst ? '' : ','}${rows.map((row) => JSON.stringify(toExportedLink(row))).join(',')}`;
      isFirst = false;
    }
    yield ']}';
  }

  /** Those whose both ends the caller sees, portion by portion. */
  private async *links(caller: Principal, seat: Seat): AsyncGenerator<ShownLinkRow[]> {
    for (const kind of LINK_KINDS) {
      let after: string | null = null;
      for (;;) {
        const from: string | null = after;
        const rows: ShownLinkRow[] = await this.uow.run(caller, (tx) =>
          this.campaignLinks.list(tx, seat, { kind }, from, PORTION),
        );
        if (rows.length > 0) yield rows;
        if (rows.length < PORTION) break;
        after = rows.at(-1)!.id;
      }
    }
  }

  private async portion(
    caller: Principal,
    seat: Seat,
    after: readonly [string, string] | null,
  ): Promise<{ key: readonly [string, string]; text: string }[]> {
    const { objects, secrets } = await this.uow.run(caller, async (tx) => {
      const rows = await this.objects.list(tx, seat, { kinds: OBJECT_KINDS }, after, PORTION);
      const ids = rows.map(({ id }) => id);
      return { objects: rows, secrets: await tx.query<SecretRow>(this.secretRows.listOf(ids)) };
    });
    const opened = await this.secrets.open(secrets, seat);
    return objects.map((row) => {
      const own = opened.filter((_secret, at) => secrets[at]!.objectId === row.id);
      return {
        key: [row.name, row.id] as const,
        text: JSON.stringify({ ...toAnyObjectDto(row, seat), secrets: own }),
      };
    });
  }
}

function toExportedLink(row: ShownLinkRow): object {
  const { id, kind, fromId, toId, type, isDirected, strength, distanceM, travelTimeS, details, visibility } =
    row;
  return { id, kind, fromId, toId, type, isDirected, strength, distanceM, travelTimeS, details, visibility };
}
