import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { assertSeen, profileNameTaken, tooMuchKept, unknownProfile } from '../market.errors.js';
import { Owners } from './owners.service.js';
import { type ProfileRow, ProfilesRepository } from './profiles.repository.js';

/** Enough for every character of a guild; the shared account of an open mount has no more. */
export const MAX_PROFILES = 500;

/** A profile as clients name it, and the version of it that they have seen; undefined for any. */
export interface ProfilePlace {
  game: string;
  id: string;
  version?: number | undefined;
}

/** Names under which accounts keep things. One of another account is like one that never was. */
@Injectable()
export class ProfilesService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly profiles: ProfilesRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** By name. @param limit null for all @throws DomainError unknown game */
  async list(
    caller: Principal,
    game: string,
    after: readonly [name: string, id: string] | null = null,
    limit: number | null = null,
  ): Promise<ProfileRow[]> {
    const { id: gameId } = await this.directory.game(game);
    if (after !== null && !isUuid(after[1])) return [];
    return this.owners.read<ProfileRow>(caller, this.profiles.pageStatement(gameId, after, limit));
  }

  /** @throws DomainError unknown game, a name that is taken, too many profiles */
  async create<T>(
    caller: Principal,
    game: string,
    name: string,
    request: IdempotentRequest | undefined,
    map: (row: ProfileRow) => T,
  ): Promise<Outcome<T>> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, (tx, owner) =>
      this.idempotency.once(tx, owner, request, 201, async () => {
        await this.owners.lock(tx, owner);
        if ((await this.profiles.countProfiles(tx)) >= MAX_PROFILES)
          throw tooMuchKept(MAX_PROFILES, 'profiles of an account');
        const profile = { id: uuidv7(), userId: owner.id, gameId, name: name.trim() };
        const row = await this.profiles.insertProfile(tx, profile);
        if (row === null) throw profileNameTaken();
        await this.record(tx, caller, owner, { what: 'created', id: row.id, after: { name: row.name } });
        return map(row);
      }),
    );
  }

  /** @throws DomainError unknown game or profile */
  async find(caller: Principal, game: string, id: string): Promise<ProfileRow> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, (tx) => this.get(tx, gameId, id));
  }

  /** @throws DomainError unknown game or profile, another version, a name that is taken */
  async rename(caller: Principal, { game, id, version }: ProfilePlace, name: string): Promise<ProfileRow> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx, owner) => {
      await this.owners.lock(tx, owner);
      const before = await this.hold(tx, gameId, id);
      assertSeen(version, before.version, 'profile');
      const after = await this.profiles.updateName(tx, id, name.trim());
      if (after === null) throw profileNameTaken();
      const change = { before: { name: before.name }, after: { name: after.name } };
      await this.record(tx, caller, owner, { what: 'renamed', id, ...change });
      return after;
    });
  }

  /**
   * With everything under it; public lists stay, as the account's.
   * @throws DomainError unknown game or profile, another version
   */
  async remove(caller: Principal, { game, id, version }: ProfilePlace): Promise<void> {
    const { id: gameId } = await this.directory.game(game);
    await this.owners.run(caller, async (tx, owner) => {
      await this.owners.lock(tx, owner);
      const before = await this.hold(tx, gameId, id);
      assertSeen(version, before.version, 'profile');
      await this.profiles.deleteProfile(tx, id);
      await this.record(tx, caller, owner, { what: 'deleted', id, before: { name: before.name } });
    });
  }

  /** A profile of the owner in whose scope `tx` is. @throws DomainError unknown profile */
  async get(tx: Tx, gameId: number, id: string): Promise<ProfileRow> {
    const row = isUuid(id) ? await this.profiles.findProfile(tx, gameId, id) : null;
    if (row === null) throw unknownProfile();
    return row;
  }

  /** The same for those who write something under it: it is there until the end of the transaction. */
  async hold(tx: Tx, gameId: number, id: string): Promise<ProfileRow> {
    const row = isUuid(id) ? await this.profiles.holdProfile(tx, gameId, id) : null;
    if (row === null) throw unknownProfile();
    return row;
  }

  private async record(
    tx: Tx,
    caller: Principal,
    owner: Scope,
    change: { what: 'created' | 'renamed' | 'deleted'; id: string; before?: object; after?: object },
  ): Promise<void> {
    const { what, id, ...states } = change;
    await this.audit.record(tx, caller, {
      action: `market.profile-${what}`,
      object: { type: 'market.profile', id },
      subjectId: owner.id,
      ...states,
    });
  }
}
