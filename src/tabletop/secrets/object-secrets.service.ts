import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { assertRole, type Seat } from '../campaigns/campaign-access.service.js';
import { MembersRepository } from '../members/members.repository.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import type { SecretChangeDto, SecretDto, SecretsDto } from '../objects/objects.dto.js';
import { notAMember, tooMany, unknownSecret } from '../tabletop.errors.js';
import { secretPlace } from './secret-place.js';
import { isSecretField } from './secret-field.js';
import { type SecretRow, SecretsRepository } from './secrets.repository.js';

const MOST_SECRETS = 100;

/**
 * What only some may know of an object. Row-level security says whose rows there are; values are sealed with a key of the campaign, which the
 * platform's role alone may use, and are opened after the rows were read as the caller.
 */
@Injectable()
export class ObjectSecrets {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly vault: Vault,
    private readonly reader: ObjectReader,
    private readonly secrets: SecretsRepository,
    private readonly members: MembersRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** Those that the caller may know. @throws DomainError unknown object */
  async list(caller: Principal, objectId: string): Promise<SecretsDto> {
    const { seat, rows } = await this.uow.run(caller, async (tx) => {
      const found = await this.reader.find(tx, caller, null, objectId);
      return {
        seat: found.seat,
        rows: await tx.query<SecretRow>(this.secrets.listOf([found.object.id])),
      };
    });
    return { items: await this.open(rows, seat) };
  }

  /** @param rows as somebody read them @param seat theirs */
  async open(rows: readonly SecretRow[], seat: Pick<Seat, 'role'>): Promise<SecretDto[]> {
    if (rows.length === 0) return [];
    const opened = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.vault.openAll(
        tx,
        rows.map((row) => ({ place: secretPlace(row), value: row.value })),
      ),
    );
    return rows.map((row, at) => toSecretDto(row, opened[at]!.toString('utf8'), seat));
  }

  /**
   * Makes a field's secret, or changes it. By masters.
   * @throws DomainError unknown object; a role below a master's; no name of a field; somebody who is no member; as many as there may be
   */
  async put(caller: Principal, objectId: string, field: string, wish: SecretChangeDto): Promise<SecretDto> {
    if (!isSecretField(field)) throw unknownSecret();
    const shownTo = wish.shownTo ?? [];
    const text = cleanHtml(wish.text);
    const place = await this.uow.run(caller, async (tx) => {
      const { object } = await this.mastered(tx, caller, objectId);
      if (shownTo.length > 0 && !(await this.members.areMembers(tx, object.campaignId, shownTo)))
        throw notAMember('/shownTo');
      const before = await this.secrets.find(tx, object.id, field);
      if (before === null && (await this.secrets.countOf(tx, object.id)) >= MOST_SECRETS)
        throw tooMany(MOST_SECRETS, 'secrets of one object');
      // One id for each field of an object, since its value opens at this row alone: two who make it at once make the same.
      const id = uuidv5(field, object.id);
      return { id, campaignId: object.campaignId, objectId: object.id, field };
    });
    const value = await this.system.run(SYSTEM_SCOPE, (tx) => this.vault.seal(tx, secretPlace(place), text));
    return this.uow.run(caller, async (tx) => {
      const { seat } = await this.mastered(tx, caller, objectId);
      const before = await this.secrets.find(tx, place.objectId, field);
      const row = await this.secrets.upsert(tx, { ...place, value, shownTo });
      await this.changes.record(tx, caller, {
        campaignId: place.campaignId,
        objectId: place.objectId,
        kind: 'secret',
        action: before === null ? 'made' : 'changed',
        ...(before !== null && { before: shown(before) }),
        after: shown(row),
      });
      return toSecretDto(row, text, seat);
    });
  }

  /** By masters. @throws DomainError unknown object or secret; a role below a master's */
  async remove(caller: Principal, objectId: string, field: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const { object } = await this.mastered(tx, caller, objectId);
      const before = isSecretField(field) ? await this.secrets.deleteOne(tx, object.id, field) : null;
      if (before === null) throw unknownSecret();
      await this.changes.record(tx, caller, {
        campaignId: object.campaignId,
        objectId: object.id,
        kind: 'secret',
        action: 'deleted',
        before: shown(before),
      });
    });
  }

  private async mastered(tx: Tx, caller: Principal, objectId: string) {
    const found = await this.reader.find(tx, caller, null, objectId);
    assertRole(found.seat, 'gm');
    return found;
  }
}

function toSecretDto(row: SecretRow, text: string, { role }: Pick<Seat, 'role'>): SecretDto {
  return {
    field: row.field,
    text,
    shownTo: role === 'gm' ? row.shownTo : null,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** For the log: that there is one, and who knows it. */
function shown({ field, shownTo, version }: SecretRow): object {
  return { field, shownTo, version };
}
