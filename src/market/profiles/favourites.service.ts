import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { unknownItem } from '../market.errors.js';
import { ItemUsesRepository } from './item-uses.repository.js';
import { Owners } from './owners.service.js';
import { type FavouriteRow, ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from './profiles.service.js';

/** A profile by its place in a path. */
export interface ProfilePlace {
  game: string;
  profileId: string;
}
/** An item by its id or, as the original's clients have it, by its label. */
export type ItemName = { id: number } | { label: string };

/** Items that a profile has marked. To mark one twice, or to unmark one that is not, changes nothing. */
@Injectable()
export class FavouritesService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly owned: ProfilesService,
    private readonly profiles: ProfilesRepository,
    private readonly uses: ItemUsesRepository,
    private readonly audit: Audit,
  ) {}

  /** By name. @param limit null for all @throws DomainError unknown game or profile */
  async list(
    caller: Principal,
    { game, profileId }: ProfilePlace,
    after: readonly [labelFold: string, itemId: number] | null = null,
    limit: number | null = null,
  ): Promise<FavouriteRow[]> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx) => {
      await this.owned.get(tx, gameId, profileId);
      return tx.query<FavouriteRow>(this.profiles.favouritesStatement(profileId, after, limit));
    });
  }

  /** @returns whether it was not marked before @throws DomainError unknown game, profile or item */
  add(caller: Principal, place: ProfilePlace, item: ItemName): Promise<boolean> {
    return this.change(caller, place, item, async (tx, owner, itemId) => {
      if (itemId === null) throw unknownItem();
      return this.profiles.insertFavourite(tx, owner.id, place.profileId, itemId);
    });
  }

  /** @returns whether it was marked @throws DomainError unknown game or profile */
  remove(caller: Principal, place: ProfilePlace, item: ItemName): Promise<boolean> {
    return this.change(caller, place, item, async (tx, _owner, itemId) =>
      itemId === null ? false : this.profiles.deleteFavourite(tx, place.profileId, itemId),
    );
  }

  private async change(
    caller: Principal,
    { game, profileId }: ProfilePlace,
    item: ItemName,
    work: (tx: Tx, owner: Scope, itemId: number | null) => Promise<boolean>,
  ): Promise<boolean> {
    const { id: gameId } = await this.directory.game(game);
    return this.owners.run(caller, async (tx, owner) => {
      await this.owned.hold(tx, gameId, profileId);
      const itemId = await this.uses.holdItem(tx, gameId, item);
      const isChanged = await work(tx, owner, itemId);
      if (isChanged)
        await this.audit.record(tx, caller, {
          action: 'market.favourites-changed',
          object: { type: 'market.profile', id: profileId },
          subjectId: owner.id,
          after: { itemId },
        });
      return isChanged;
    });
  }
}
