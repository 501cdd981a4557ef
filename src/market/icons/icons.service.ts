import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import type { StoredFileRow } from '../../platform/storage/stored-files.repository.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { unknownIcon, unknownItem } from '../market.errors.js';
import { IconsRepository, type ItemIconRow, type ItemKey } from './icons.repository.js';
import { MARKET_ICON } from './market-icon.js';

/** An item of a game, by its own id or by the game's. */
export interface IconPlace {
  game: string;
  item: ItemKey;
}

/**
 * Pictures of items. Whoever contributes may give an item its first one; only curators put another in its place. Of two that
 * come at the same time one is kept, and the other answers with it.
 */
@Injectable()
export class IconsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly icons: IconsRepository,
    private readonly storage: Storage,
    private readonly audit: Audit,
  ) {}

  /**
   * @returns id of the icon that the item has now
   * @throws DomainError unknown game or item, and what says why the bytes are not taken
   */
  async put(caller: Principal, { game, item: key }: IconPlace, source: Readable): Promise<string> {
    assertBytes(source);
    const { id: gameId } = await this.directory.game(game);
    const mayReplace = caller.permissions.has('market:curate');
    const [before] = await this.uow.read<ItemIconRow>(caller, this.icons.itemStatement(gameId, key));
    if (!before) throw unknownItem();
    if (before.iconId !== null && !mayReplace) return before.iconId;
    try {
      const file = await this.storage.receive(SYSTEM_SCOPE, MARKET_ICON, source, async (tx, stored) => {
        const item = await this.lock(tx, gameId, key);
        if (item.iconId !== null && !mayReplace) throw new AlreadyThere(item.iconId);
        await this.change(tx, caller, item, stored);
      });
      return file.id;
    } catch (error) {
      if (error instanceof AlreadyThere) return error.iconId;
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
  }

  /** @throws DomainError unknown game or item. Safe to repeat. */
  async remove(caller: Principal, { game, item: key }: IconPlace): Promise<void> {
    const { id: gameId } = await this.directory.game(game);
    await this.uow.run(SYSTEM_SCOPE, async (tx) => {
      const item = await this.lock(tx, gameId, key);
      if (item.iconId !== null) await this.change(tx, caller, item, undefined);
    });
  }

  /** @throws DomainError unknown icon, for any other file, too */
  async find(iconId: string): Promise<StoredFileRow> {
    const file = isUuid(iconId) ? await this.storage.findAny(iconId) : undefined;
    if (file?.purpose !== MARKET_ICON.name) throw unknownIcon();
    return file;
  }

  open(file: StoredFileRow): Promise<Readable> {
    return this.storage.read(file);
  }

  private async lock(tx: Tx, gameId: number, key: ItemKey): Promise<ItemIconRow> {
    const item = await this.icons.lockItem(tx, gameId, key);
    if (!item) throw unknownItem();
    return item;
  }

  private async change(
    tx: Tx,
    caller: Principal,
    { itemId, iconId }: ItemIconRow,
    stored: StoredFileRow | undefined,
  ): Promise<void> {
    await this.icons.updateIcon(tx, itemId, stored?.id ?? null);
    await this.items.bumpServerVersions(tx, [itemId]);
    if (iconId !== null) await this.storage.forget(tx, iconId);
    await this.audit.record(tx, caller, {
      action: stored ? 'market.icon-stored' : 'market.icon-removed',
      object: { type: 'market.item', id: String(itemId) },
      before: { iconId },
      after: stored ? { iconId: stored.id, sizeBytes: stored.sizeBytes } : { iconId: null },
    });
  }
}

/** Takes the transaction back, and with it the file that came too late. */
class AlreadyThere extends Error {
  constructor(readonly iconId: string) {
    super('The item has an icon');
  }
}
