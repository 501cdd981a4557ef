import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Principal, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { noServerTerms } from '../market.errors.js';
import { NO_TERMS, type TradeTerms } from './trade-terms.js';
import { type TradeTermsRow, TradeTermsRepository } from './trade-terms.repository.js';

/** Whose terms: a game's, or those of one of its servers. */
interface TermsPlace {
  gameId: number;
  serverId: number | null;
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

  /** @throws DomainError unknown game */
  async changeOfGame(principal: Principal, gameKey: string, terms: TradeTerms): Promise<TradeTermsRow> {
    const game = await this.directory.game(gameKey);
    return this.change(principal, { gameId: game.id, serverId: null }, terms);
  }

  /** @throws DomainError unknown game or server */
  async changeOfServer(
    principal: Principal,
    gameKey: string,
    serverKey: string,
    terms: TradeTerms,
  ): Promise<TradeTermsRow> {
    const server = await this.directory.server(gameKey, serverKey);
    return this.change(principal, { gameId: server.gameId, serverId: server.id }, terms);
  }

  /** The server follows its game again. @throws DomainError unknown game or server, no terms of its own */
  async removeOfServer(principal: Principal, gameKey: string, serverKey: string): Promise<void> {
    const { gameId, id: serverId } = await this.directory.server(gameKey, serverKey);
    await this.locked(gameId, async (tx) => {
      const before = await this.terms.findOwn(tx, gameId, serverId);
      if (before === null) throw noServerTerms();
      await this.terms.deleteTerms(tx, gameId, serverId);
      await this.record(tx, principal, { gameId, serverId }, before, null);
    });
  }

  private change(principal: Principal, place: TermsPlace, terms: TradeTerms): Promise<TradeTermsRow> {
    const { gameId, serverId } = place;
    return this.locked(gameId, async (tx) => {
      const before = await this.terms.findOwn(tx, gameId, serverId);
      const after = await this.terms.upsertTerms(tx, gameId, serverId, terms);
      await this.record(tx, principal, place, before, after);
      return after;
    });
  }

  private locked<T>(gameId: number, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.terms.lockGame(tx, gameId);
      return work(tx);
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
