import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Principal, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { assertSeen, noServerTerms } from '../market.errors.js';
import { NO_TERMS, type TradeTerms } from './trade-terms.js';
import { type TradeTermsRow, TradeTermsRepository } from './trade-terms.repository.js';

/** Whose terms: a game's, or those of one of its servers. */
interface TermsPlace {
  gameId: number;
  serverId: number | null;
}

/** Rows, and the version that the terms of the game and of all its servers have as a whole. */
export interface VersionedTerms<Row = TradeTermsRow> {
  version: number;
  row: Row;
}

/** What selling costs on each server of a game. */
export interface GameTerms {
  /** Of a server that has none of its own. */
  common: TradeTerms;
  /** Of those that differ, by id of the server. */
  own: ReadonlyMap<number, TradeTerms>;
}

/**
 * What selling costs: a server's own terms, else its game's, else nothing. Every change moves the versions of prices and rollups of
 * the servers that it touches. Nothing is remembered between calls, so that an answer under a new version is never made with
 * former terms: read the version first, then the terms.
 */
@Injectable()
export class TradeTermsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly terms: TradeTermsRepository,
    private readonly audit: Audit,
  ) {}

  /** One short read. */
  async of(serverId: number): Promise<TradeTerms> {
    const row = await this.findOf(serverId);
    return row === undefined ? NO_TERMS : termsOf(row);
  }

  async ofGame(gameId: number): Promise<GameTerms> {
    const rows = await this.listOf(gameId);
    const common = rows.find(({ serverId }) => serverId === null);
    return {
      common: common === undefined ? NO_TERMS : termsOf(common),
      own: new Map(
        rows.flatMap((row) => (row.serverId === null ? [] : [[row.serverId, termsOf(row)] as const])),
      ),
    };
  }

  /**
   * Of all terms of a game and its servers. Read it before the rows: a tag that is older than they are refuses a change, and loses none.
   * @throws DomainError unknown game or server
   */
  async version(gameKey: string, serverKey?: string): Promise<number> {
    const { id } = await this.directory.game(gameKey);
    if (serverKey !== undefined) await this.directory.server(gameKey, serverKey);
    const [row] = await this.uow.read<{ version: number }>(SYSTEM_PRINCIPAL, this.terms.versionStatement(id));
    return row!.version;
  }

  /** The row that holds on a server, undefined where nobody has said anything. @throws DomainError unknown game or server */
  async findOfServer(gameKey: string, serverKey: string): Promise<TradeTermsRow | undefined> {
    const server = await this.directory.server(gameKey, serverKey);
    return this.findOf(server.id);
  }

  /** Rows of a game and of its servers by key. @throws DomainError unknown game */
  async listOfGame(gameKey: string): Promise<{ row: TradeTermsRow; server: string | null }[]> {
    const servers = await this.directory.listServers(gameKey);
    const game = await this.directory.game(gameKey);
    const keys = new Map(servers.map(({ id, key }) => [id, key]));
    const rows = await this.listOf(game.id);
    return rows.map((row) => ({ row, server: row.serverId === null ? null : keys.get(row.serverId)! }));
  }

  /** @param seen version that the caller has seen, undefined for any @throws DomainError unknown game, another version */
  async changeOfGame(
    principal: Principal,
    gameKey: string,
    seen: number | undefined,
    terms: TradeTerms,
  ): Promise<VersionedTerms> {
    const game = await this.directory.game(gameKey);
    return this.change(principal, { gameId: game.id, serverId: null }, seen, terms);
  }

  /** @throws DomainError unknown game or server, another version */
  async changeOfServer(
    principal: Principal,
    place: { game: string; server: string },
    seen: number | undefined,
    terms: TradeTerms,
  ): Promise<VersionedTerms> {
    const server = await this.directory.server(place.game, place.server);
    return this.change(principal, { gameId: server.gameId, serverId: server.id }, seen, terms);
  }

  /** The server follows its game again. @throws DomainError unknown game or server, no terms of its own, another version */
  async removeOfServer(
    principal: Principal,
    place: { game: string; server: string },
    seen: number | undefined,
  ): Promise<void> {
    const { gameId, id: serverId } = await this.directory.server(place.game, place.server);
    await this.locked(gameId, seen, async (tx) => {
      const before = await this.terms.findOwn(tx, gameId, serverId);
      if (before === null) throw noServerTerms();
      await this.terms.deleteTerms(tx, gameId, serverId);
      await this.record(tx, principal, { gameId, serverId }, before, null);
    });
  }

  private change(
    principal: Principal,
    place: TermsPlace,
    seen: number | undefined,
    terms: TradeTerms,
  ): Promise<VersionedTerms> {
    const { gameId, serverId } = place;
    return this.locked(gameId, seen, async (tx) => {
      const before = await this.terms.findOwn(tx, gameId, serverId);
      const after = await this.terms.upsertTerms(tx, gameId, serverId, terms);
      await this.record(tx, principal, place, before, after);
      return after;
    });
  }

  private locked<Row>(
    gameId: number,
    seen: number | undefined,
    work: (tx: Tx) => Promise<Row>,
  ): Promise<VersionedTerms<Row>> {
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const version = await this.terms.bumpGame(tx, gameId);
      assertSeen(seen, version - 1, 'terms');
      return { version, row: await work(tx) };
    });
  }

  private async record(
    tx: Tx,
    principal: Principal,
    { gameId, serverId }: TermsPlace,
    before: TradeTermsRow | null,
    after: TradeTermsRow | null,
  ): Promise<void> {
    await this.terms.bumpVersions(tx, gameId, serverId);
    await this.audit.record(tx, principal, {
      action: after === null ? 'market.terms-removed' : 'market.terms-changed',
      object:
        serverId === null
          ? { type: 'market.game', id: String(gameId) }
          : { type: 'market.server', id: String(serverId) },
      before: before && termsOf(before),
      after: after && termsOf(after),
    });
  }

  private async findOf(serverId: number): Promise<TradeTermsRow | undefined> {
    const statement = this.terms.serverStatement(serverId);
    const [row] = await this.uow.read<TradeTermsRow>(SYSTEM_PRINCIPAL, statement);
    return row;
  }

  private listOf(gameId: number): Promise<TradeTermsRow[]> {
    return this.uow.read<TradeTermsRow>(SYSTEM_PRINCIPAL, this.terms.gameStatement(gameId));
  }
}

function termsOf({ saleTaxPct, listingFeePct }: TradeTerms): TradeTerms {
  return { saleTaxPct, listingFeePct };
}
