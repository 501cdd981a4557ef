import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { type SecretRow, SecretsRepository } from '../secrets/secrets.repository.js';
import { ChangesRepository, type ChangeRow } from './changes.repository.js';
import { OBJECT_KINDS } from './object-kinds.js';
import { toAnyObjectDto, toCampaignLogEntryDto } from './objects.mapper.js';
import { type ObjectRow, ObjectsRepository } from './objects.repository.js';

const OBJECTS = 100;
const CHANGES = 200;

/** Everything that is known, each with its secrets as far as the caller may know them. */
@Injectable()
@OffersPart('objects', 'object', 'secret')
export class ObjectsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly objects: ObjectsRepository,
    private readonly secretRows: SecretsRepository,
    private readonly secrets: ObjectSecrets,
  ) {}

  async page(caller: Principal, seat: Seat, after: string | null): Promise<PartPage> {
    const key = after === null ? null : (JSON.parse(after) as [string, string]);
    const { rows, sealed } = await this.uow.run(caller, async (tx) => {
      const found = await tx.query<ObjectRow>(
        this.objects.listPage(seat.campaignId, { kinds: OBJECT_KINDS }, key, OBJECTS),
      );
      const ids = found.map(({ id }) => id);
      return { rows: found, sealed: await tx.query<SecretRow>(this.secretRows.listOf(ids)) };
    });
    const opened = await this.secrets.open(sealed, seat);
    return partPage(
      rows,
      ({ name, id }) => JSON.stringify([name, id]),
      (row) => ({
        ...toAnyObjectDto(row, seat),
        secrets: opened.filter((_secret, at) => sealed[at]!.objectId === row.id),
      }),
    );
  }
}

/** Who changed what, oldest first; for masters alone. */
@Injectable()
@OffersPart('log', 'change')
export class LogPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changes: ChangesRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<ChangeRow>(this.changes.listCampaign(campaignId, after ?? '0', CHANGES)),
    );
    return partPage(rows, ({ id }) => String(id), toCampaignLogEntryDto);
  }
}
