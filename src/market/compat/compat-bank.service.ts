import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { serverKey } from '../catalog/server-key.js';
import { EARLIEST_MS, MAX_AHEAD_MS } from '../ingest/observation.js';
import { MARKET_ERROR } from '../market.errors.js';
import type { StockLine } from '../stock/stock-sums.js';
import { type StockAddress, StockService } from '../stock/stock.service.js';
import { bankUnauthorized, invalidInput, invalidMode, passOver } from './compat.errors.js';
import { bodyOf, integer, type RawBody, textIn } from './compat-body.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import {
  type CompatReply,
  type CompatRequest,
  CompatResources,
  replyOf,
} from './compat-resources.service.js';
import { CompatServersService } from './compat-servers.service.js';
import { toCompatBankDto, toCompatBankSyncDto } from './compat-user.mapper.js';

const MAX_SERVER_NAME = 255;
const MAX_ID = 100;

/**
 * The bank of the original's `/api/user`. Writes need a token, also where the mount is open to callers without one: whoever could
 * empty a bank without one could do it to everybody's. Unlike there, lines of the same id are summed, and ids that the catalogue
 * does not know are kept.
 */
@Injectable()
export class CompatBankService implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly directory: CatalogDirectory,
    private readonly servers: CompatServersService,
    private readonly stock: StockService,
  ) {}

  onModuleInit(): void {
    this.resources.register('user', 'bank', {
      GET: (request) => this.list(request),
      POST: (request) => this.sync(request),
      DELETE: (request) => this.clear(request),
    });
  }

  private async list({ principal, query, origin }: CompatRequest): Promise<CompatReply> {
    if (textOf(query, 'mode') !== '') throw invalidMode();
    const [name, profileId] = [textOf(query, 'server'), textOf(query, 'profileId')];
    if (name === '') throw invalidInput('server is required');
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    const rows = server
      ? await this.stock.listKnown(principal, addressOf(server), profileId || undefined)
      : [];
    return replyOf(toCompatBankDto(rows, server?.name ?? name, origin));
  }

  private async sync({ principal, body: raw, now }: CompatRequest): Promise<CompatReply> {
    assertToken(principal);
    const body = bodyOf(raw);
    const name = serverNameIn(body);
    const lines = linesIn(body);
    const capturedAtMs = capturedAtIn(body, now.getTime());
    const profileId = profileIdIn(body);
    const server = (await this.servers.ensure(principal, COMPAT_GAME, [name])).get(name)!;
    const address: StockAddress = { ...addressOf(server), profileId };
    const change = await this.stock.sync(principal, address, { lines, capturedAtMs });
    return replyOf(toCompatBankSyncDto(change), 201);
  }

  private async clear({ principal, body: raw }: CompatRequest): Promise<CompatReply> {
    assertToken(principal);
    const body = bodyOf(raw);
    const server = await this.directory.serverByName(COMPAT_GAME, serverNameIn(body));
    const deleted_count = server
      ? ((await this.stock
          .clear(principal, addressOf(server), profileIdIn(body) ?? undefined)
          .catch(passOver(MARKET_ERROR.unknownProfile))) ?? 0)
      : 0;
    return replyOf({ success: true, message: `Deleted ${deleted_count} items from bank`, deleted_count });
  }
}

function assertToken({ kind }: Principal): void {
  if (kind === 'anonymous') throw bankUnauthorized('Missing authorization header');
}

const addressOf = ({ key }: ServerRow): { game: string; server: string } => ({
  game: COMPAT_GAME,
  server: key,
});

function serverNameIn(body: RawBody): string {
  const name = textIn(body, 'server', MAX_SERVER_NAME)?.trim();
  if (name === undefined || serverKey(name) === '') throw invalidInput('server is required');
  return name;
}

/** Nothing, null and an empty text name no profile. */
function profileIdIn(body: RawBody): string | null {
  const given = body['profileId'];
  if (given === undefined || given === null || given === '') return null;
  const id = textIn(body, 'profileId', MAX_ID);
  if (id === null) throw invalidInput('profileId must be an id');
  return id;
}

/** A quantity of 0 is a line that says nothing. */
function linesIn(body: RawBody): StockLine[] {
  const given = body['items'];
  if (!Array.isArray(given)) throw invalidInput('items must be an array');
  return given.map((line: unknown, index) => {
    const { gid, quantity: count } = bodyOf(line);
    if (typeof gid !== 'number' || typeof count !== 'number')
      throw invalidInput('Each item must have gid (number) and quantity (number)');
    const [externalId, quantity] = [integer(gid, 1), integer(count, 0)];
    if (externalId === null || quantity === null)
      throw invalidInput(
        `items[${index}] must have a gid from 1 and a quantity from 0, whole numbers below 2^31`,
      );
    return { externalId, quantity };
  });
}

/** Clients write local times and microseconds; a clock that is ahead is set back to now. */
function capturedAtIn(body: RawBody, nowMs: number): number {
  const given = body['capturedAt'];
  if (given === undefined || given === null || given === '') return nowMs;
  const atMs = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  if (!(atMs >= EARLIEST_MS)) throw invalidInput('capturedAt must be a date since 2010');
  return atMs > nowMs + MAX_AHEAD_MS ? nowMs : atMs;
}
