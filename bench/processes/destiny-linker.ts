import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { v7 as uuidv7 } from 'uuid';
import { ENTITIES } from '../../src/app.entities.js';
import { AppModule } from '../../src/app.module.js';
import { BUNGIE_PROVIDER } from '../../src/destiny/bungie/bungie.provider.js';
import { ConnectionSecrets } from '../../src/identity/connections/connection-secrets.service.js';
import { ConnectionsRepository } from '../../src/identity/connections/connections.repository.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { type Tx, UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { SyncStarter } from '../../src/platform/sync/sync-starter.service.js';
import { type LinkedPlayer, type LinkRequest, SECRETS_KEY } from '../support/bungie-world.js';
import { plainEnvironment } from '../support/guildhall.js';
import { answerRequests } from '../support/worker.js';

// The program without a port and without queues: it makes accounts whose connections to Bungie are sealed as they would be, and begins
// what is due as the look of every minute does. Another process has the queues and does the work.

const LINKED_AT_ONCE = 4;
const TOKEN_LASTS_S = 3_600;

let app: INestApplicationContext;

answerRequests(async (request: LinkRequest): Promise<null> => {
  if (request.kind === 'link') {
    app = await open(request.databaseUrl, request.bungieUrl);
    await link(request.players);
  } else await app.get(SyncStarter, { strict: false }).startDue(null);
  return null;
});

async function open(databaseUrl: string, bungieUrl: string): Promise<INestApplicationContext> {
  const env = parseEnvironment({
    ...plainEnvironment(),
    GUILDHALL_ROLE: 'api',
    DATABASE_URL: databaseUrl,
    DOMAINS: 'destiny',
    BUNGIE_API_KEY: 'only-to-be-asked',
    BUNGIE_URL: bungieUrl,
    SECRETS_KEY,
  });
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: 4 } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger } = createLogger({ role: 'bench', logLevel: 'warn' });
  return NestFactory.createApplicationContext(AppModule.forRoot(env, database, logger), {
    logger: ['error'],
  });
}

/** Each in the scope of the account, as the program does. */
async function link(players: readonly LinkedPlayer[]): Promise<void> {
  const uow = app.get(UnitOfWork, { strict: false });
  for (let at = 0; at < players.length; at += LINKED_AT_ONCE)
    await Promise.all(
      players.slice(at, at + LINKED_AT_ONCE).map((player) => {
        const userId = uuidv7();
        return uow.run({ id: userId }, (tx) => linkOne(tx, userId, player));
      }),
    );
}

async function linkOne(tx: Tx, userId: string, player: LinkedPlayer): Promise<void> {
  const connections = app.get(ConnectionsRepository, { strict: false });
  const insert = (name: string, text: string, values: unknown[]): Promise<object[]> =>
    tx.query({ name: `bench.${name}`, text, values });
  await insert('insert-account', 'INSERT INTO identity.account (id, email) VALUES ($1, $2)', [
    userId,
    `${userId}@example.org`,
  ]);
  const row = await connections.lockOrInsert(tx, uuidv7(), userId, BUNGIE_PROVIDER);
  const grant = {
    accessToken: player.accessToken,
    refreshToken: player.refreshToken,
    expiresInS: TOKEN_LASTS_S,
    scopes: [],
    subject: player.bungieId,
    identity: undefined,
  };
  const sealed = await app
    .get(ConnectionSecrets, { strict: false })
    .seal(tx, row, grant, { refreshToken: null, scopes: [] });
  await connections.updateConnected(tx, row.id, sealed);
  await insert(
    'insert-membership',
    `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, is_active, is_overridden, is_cross_save_primary, seen_at)
     VALUES ($1, $2, $3, $4, true, false, false, now())`,
    [uuidv7(), userId, player.membershipType, player.membershipId],
  );
}
