import 'reflect-metadata';
import { ENTITIES } from '../../dist/app.entities.js';
import { createHttpApp } from '../../dist/boot/http-app.js';
import { Connections } from '../../dist/identity/connections/connections.service.js';
import { parseEnvironment } from '../../dist/platform/config/env.js';
import { openDatabase } from '../../dist/platform/database/database.module.js';
import { createLogger } from '../../dist/platform/logging/logger.js';

// The built application in a process of its own that does not listen: it asks for access tokens of connections, as a room does that
// calls a provider. It gets its environment as JSON in the first argument; then each message `{ userId, provider, times }` is
// answered with the tokens, or words of what went wrong, in one array.

const env = parseEnvironment(JSON.parse(process.argv[2] ?? '{}'));
const { logger } = createLogger(env);
const target = { url: env.databaseUrl, directUrl: env.databaseUrl, pooler: 'none', poolMax: 6 };
const app = await createHttpApp(env, await openDatabase(target, ENTITIES), logger);
await app.init();
const connections = app.get(Connections, { strict: false });

process.on('message', ({ userId, provider, times }) => {
  const asked = Array.from({ length: times }, () => connections.accessToken(userId, provider));
  void Promise.allSettled(asked).then((settled) =>
    process.send({ answers: settled.map(({ value, reason }) => value ?? String(reason)) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send({ url: 'ready' });
