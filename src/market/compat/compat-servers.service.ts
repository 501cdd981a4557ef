import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { serverKey } from '../catalog/server-key.js';
import { refusedBatch } from './compat.errors.js';

/** No game has nearly so many; a client that makes up names must not fill the table. */
const MAX_SERVERS = 1_000;

/**
 * Servers by the names that clients send. Names that are not known yet are added, as in the original, where a server was a mere
 * text of each row. Here it has a key for paths: names that only differ in case or accents are spellings of one server, which
 * keeps the name that it was first given.
 */
@Injectable()
export class CompatServersService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly catalog: CatalogRepository,
    private readonly items: ItemsRepository,
  ) {}

  /** @throws CompatError when there are too many */
  async ensure(
    principal: Principal,
    game: string,
    names: readonly string[],
  ): Promise<Map<string, ServerRow>> {
    const found = new Map<string, ServerRow>();
    for (const name of names) {
      const server = await this.directory.serverByName(game, name);
      if (!server) return this.add(principal, game, names);
      found.set(name, server);
    }
    return found;
  }

  private async add(
    principal: Principal,
    game: string,
    names: readonly string[],
  ): Promise<Map<string, ServerRow>> {
    const { id: gameId } = await this.directory.game(game);
    const servers = await this.uow.run(principal, async (tx) => {
      await this.items.lockCatalog(tx, gameId);
      const known = await this.byKey(tx, gameId);
      const unknown = newNames(known, names);
      if (known.size + unknown.length > MAX_SERVERS)
        throw refusedBatch(`The game cannot have more than ${MAX_SERVERS} servers.`);
      for (const name of unknown) await this.catalog.insertServer(tx, gameId, serverKey(name), name);
      return this.byKey(tx, gameId);
    });
    await this.directory.refresh();
    return new Map(names.map((name) => [name, servers.get(serverKey(name))!]));
  }

  private async byKey(tx: Tx, gameId: number): Promise<Map<string, ServerRow>> {
    const rows = await tx.query<ServerRow>(this.catalog.serversStatement());
    return new Map(rows.filter((row) => row.gameId === gameId).map((row) => [row.key, row]));
  }
}

/** The first spelling of each key that no server has. */
function newNames(known: ReadonlyMap<string, ServerRow>, names: readonly string[]): string[] {
  const added = new Map<string, string>();
  for (const name of names) {
    const key = serverKey(name);
    if (!known.has(key) && !added.has(key)) added.set(key, name);
  }
  return [...added.values()];
}
