import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { unknownGame, unknownServer } from '../market.errors.js';
import { CatalogRepository, type GameRow, type ServerRow } from './catalog.repository.js';
import { serverKey } from './server-key.js';

// Games and servers are few, named in every path and never renamed, so each process keeps them. What is not found is looked
// up once more: another process may have added it.

@Injectable()
export class CatalogDirectory {
  private games = new Map<string, GameRow>();
  private servers = new Map<string, ServerRow>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly catalog: CatalogRepository,
  ) {}

  /** @param key of the game, `dofus` @throws DomainError unknown game */
  async game(key: string): Promise<GameRow> {
    const known = this.games.get(key) ?? (await this.refresh(), this.games.get(key));
    if (!known) throw unknownGame();
    return known;
  }

  /** @param key of the server, `hell-mina` @throws DomainError unknown game or server */
  async server(gameKey: string, key: string): Promise<ServerRow> {
    const game = await this.game(gameKey);
    const known =
      this.servers.get(`${game.id}/${key}`) ?? (await this.refresh(), this.servers.get(`${game.id}/${key}`));
    if (!known) throw unknownServer();
    return known;
  }

  /** The server of that display name, in whatever spelling has the same key; or undefined. */
  async serverByName(gameKey: string, name: string): Promise<ServerRow | undefined> {
    const game = await this.game(gameKey);
    const find = (): ServerRow | undefined => this.servers.get(`${game.id}/${serverKey(name)}`);
    return find() ?? (await this.refresh(), find());
  }

  async listServers(gameKey: string): Promise<ServerRow[]> {
    const game = await this.game(gameKey);
    await this.refresh();
    return [...this.servers.values()].filter((server) => server.gameId === game.id);
  }

  /** Reads everything again, after this process has added a server. */
  async refresh(): Promise<void> {
    const [games, servers] = await Promise.all([
      this.uow.read<GameRow>(SYSTEM_PRINCIPAL, this.catalog.gamesStatement()),
      this.uow.read<ServerRow>(SYSTEM_PRINCIPAL, this.catalog.serversStatement()),
    ]);
    this.games = new Map(games.map((game) => [game.key, game]));
    this.servers = new Map(servers.map((server) => [`${server.gameId}/${server.key}`, server]));
  }
}
