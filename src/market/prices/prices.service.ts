import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { PricesDto, SeriesDto } from './prices.dto.js';
import { toObservationDto, toPriceDto } from './prices.mapper.js';
import { DEFAULT_FROM_MS, DEFAULT_TO_MS, type PricesQuery, type SeriesQuery } from './prices-query.js';
import { type ObservationRow, type PriceRow, PricesRepository } from './prices.repository.js';

/** A body and the version of its server in the same snapshot; `v` of the ETag. */
export interface Versioned<T> {
  version: number;
  body: T;
}

@Injectable()
export class PricesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly prices: PricesRepository,
  ) {}

  /** The counter that each stored batch bumps; 0 for a server without prices. */
  async version(principal: Principal, game: string, serverKey: string): Promise<number> {
    const server = await this.directory.server(game, serverKey);
    const [row] = await this.uow.read<{ version: number }>(
      principal,
      this.prices.versionStatement(server.id),
    );
    return row?.version ?? 0;
  }

  async latest(
    principal: Principal,
    game: string,
    serverKey: string,
    query: PricesQuery,
  ): Promise<Versioned<PricesDto>> {
    const server = await this.directory.server(game, serverKey);
    const rows = await this.uow.read<PriceRow>(principal, this.latestStatement(server, query));
    // Without a row there is no version at hand; 0 never matches, so such an answer is simply not cached.
    return { version: rows[0]?.version ?? 0, body: { server: server.key, items: rows.map(toPriceDto) } };
  }

  async series(
    principal: Principal,
    game: string,
    serverKey: string,
    itemId: number,
    query: SeriesQuery,
  ): Promise<SeriesDto> {
    const server = await this.directory.server(game, serverKey);
    const span = {
      fromMs: query.from ?? DEFAULT_FROM_MS,
      toMs: query.to ?? DEFAULT_TO_MS,
      limit: query.limit + 1,
      after:
        query.cursor === undefined ? undefined : decodeCursor(query.cursor, ['number', 'number'] as const),
    };
    const statement = this.prices.seriesStatement(server.id, itemId, span);
    const rows = await this.uow.read<ObservationRow>(principal, statement);
    return toPage(rows, query.limit, (row) => [row.capturedAtUs, row.id], toObservationDto);
  }

  private latestStatement(server: ServerRow, query: PricesQuery) {
    return query.ids
      ? this.prices.latestStatement(server.id, query.ids)
      : this.prices.latestByExternalIdStatement(server.id, server.gameId, query.externalIds ?? []);
  }
}
