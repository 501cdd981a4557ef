import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ENTITIES } from './app.entities.js';
import { AGENTS_USAGE, runAgentsCommand } from './boot/agents-commands.js';
import { CALENDAR_USAGE, importCalendar } from './boot/calendar-command.js';
import { CATALYSTS_USAGE, refreshCatalysts } from './boot/catalysts-command.js';
import { type DatabasePlace, joinDatabase } from './boot/database-target.js';
import { createHttpApp } from './boot/http-app.js';
import { importManifest, MANIFEST_USAGE } from './boot/manifest-command.js';
import { IDENTITY_USAGE, runIdentityCommand } from './boot/identity-commands.js';
import { progressBar } from './boot/progress-bar.js';
import { bringSchemaUp } from './boot/schema.js';
import { withSecretsKey } from './boot/secrets-key.js';
import { applyReferenceData, seedDemo } from './boot/seed.js';
import { syncXpRatios, XP_RATIOS_USAGE } from './boot/xp-ratios-command.js';
import { DEMO_WORLD, SimulationService } from './market/simulation/simulation.service.js';
import { readHeads } from './platform/audit/audit-heads.js';
import { AuditVerifier } from './platform/audit/audit-verifier.service.js';
import { permissionTable } from './platform/auth/permission-table.js';
import { auditHeadsPath, type Env, loadEnv } from './platform/config/env.js';
import { packageRoot } from './platform/config/package-root.js';
import { StartupError } from './platform/config/startup-error.js';
import { openDatabase } from './platform/database/database.module.js';
import { migrateDown } from './platform/database/migrate.js';
import { createLogger } from './platform/logging/logger.js';
import { buildOpenApi } from './platform/http/openapi.js';
import { asyncApiText } from './platform/realtime/async-api.js';
import { Gateways } from './platform/realtime/gateways.service.js';
import { describeRotation, KeyRotation } from './platform/vault/key-rotation.service.js';

const USAGE = `Usage: npm run cli -- <command>
  migrate [--down]                 bring schema and facts up to this version, or take back the newest migration
  seed [market]                    facts and demo world; safe to repeat
  openapi                          write docs/openapi.json
  asyncapi                         write docs/asyncapi.yaml
  permissions                      write docs/permissions.json: what each route asks of its caller
  audit verify [--heads <file>]    is the audit trail whole? names the first broken row; exit code 1 when one is
  secrets rotate                   wrap all data keys by SECRETS_KEY, and say whether SECRETS_KEYS_OLD may go
  market simulate [--days 30] [--items 150] [--servers 13] [--points-per-day 2] [--seed 1]
                                   fill the market with a simulated price history
${CALENDAR_USAGE}
${XP_RATIOS_USAGE}
${AGENTS_USAGE}
${MANIFEST_USAGE}
${CATALYSTS_USAGE}
${IDENTITY_USAGE}`;

type Command = (args: string[], env: Env, place: DatabasePlace) => Promise<void>;

const identityCommand =
  (name: string): Command =>
  (args, env, place) =>
    withApp(env, place, (app) => runIdentityCommand(app, [name, ...args], say));

const COMMANDS: Record<string, Command> = {
  admin: identityCommand('admin'),
  account: identityCommand('account'),
  identity: identityCommand('identity'),
  migrate: async (args, env, place) => {
    const { values } = parse(args, { down: { type: 'boolean', default: false } });
    if (values['down'] === true) {
      await migrateDown(place.target.directUrl);
      say('took back the newest migration');
      return;
    }
    const applied = await bringSchemaUp(place.target);
    say(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`);
    await withApp(env, place, (app) => applyReferenceData(app, env));
  },
  seed: (args, env, place) =>
    withApp(env, place, async (app) => {
      const [domain = 'market'] = parse(args, {}).positionals;
      if (domain !== 'market') throw new StartupError(`There is no domain ${domain} to seed.`);
      await applyReferenceData(app, env);
      await seedDemo(app, { ...env, isDemoSeeded: true });
      say('seeded market');
    }),
  openapi: (_args, env, place) =>
    withApp({ ...env, role: 'api' }, place, (app) => {
      writeFileSync(
        join(packageRoot(), 'docs', 'openapi.json'),
        `${JSON.stringify(buildOpenApi(app), null, 2)}\n`,
      );
      say('wrote docs/openapi.json');
      return Promise.resolve();
    }),
  asyncapi: (_args, env, place) =>
    withApp({ ...env, role: 'api' }, place, (app) => {
      const gateways = app.get(Gateways).all.map(({ frames }) => frames);
      writeFileSync(join(packageRoot(), 'docs', 'asyncapi.yaml'), asyncApiText(gateways));
      say('wrote docs/asyncapi.yaml');
      return Promise.resolve();
    }),
  permissions: (_args, env, place) =>
    withApp({ ...env, role: 'api' }, place, (app) => {
      writeFileSync(
        join(packageRoot(), 'docs', 'permissions.json'),
        `${JSON.stringify(permissionTable(app), null, 2)}\n`,
      );
      say('wrote docs/permissions.json');
      return Promise.resolve();
    }),
  audit: (args, env, place) =>
    withApp(env, place, async (app) => {
      const { values, positionals } = parse(args, {
        heads: { type: 'string', default: auditHeadsPath(env) },
      });
      if (positionals[0] !== 'verify') throw new StartupError(USAGE);
      const report = await app.get(AuditVerifier).verify(readHeads(String(values['heads'])));
      if (report.fault !== undefined) throw new StartupError(`The audit trail is broken: ${report.fault}.`);
      say(
        `the audit trail is whole: ${report.sealed} sealed events, ${report.erased} of them without details, ` +
          `${report.pending} waiting, ${report.heads} heads written down`,
      );
    }),
  secrets: (args, env, place) =>
    withApp(env, place, async (app) => {
      if (parse(args, {}).positionals[0] !== 'rotate') throw new StartupError(USAGE);
      const report = await app
        .get(KeyRotation)
        .rotate({ onProgress: progressBar('wrapping data keys', 'keys') });
      say(describeRotation(report));
    }),
  agents: (args, env, place) => withApp(env, place, (app) => runAgentsCommand(app, env, args, say)),
  destiny: (args, env, place) =>
    withApp(env, place, (app) =>
      args[0] === 'catalysts' ? refreshCatalysts(app, env, args, say) : importManifest(app, env, args, say),
    ),
  market: (args, env, place) =>
    withApp(env, place, async (app) => {
      if (args[0] === 'calendar') return importCalendar(app, args, say);
      if (args[0] === 'sync-xp-ratios') return syncXpRatios(app, args, say);
      const number = (text: string): { type: 'string'; default: string } => ({
        type: 'string',
        default: text,
      });
      const { values, positionals } = parse(args, {
        days: number(String(DEMO_WORLD.days)),
        items: number(String(DEMO_WORLD.items)),
        servers: number(String(DEMO_WORLD.servers)),
        'points-per-day': number(String(DEMO_WORLD.pointsPerDay)),
        seed: number(String(DEMO_WORLD.seed)),
      });
      if (positionals[0] !== 'simulate') throw new StartupError(USAGE);
      const option = (name: string, maximum: number): number => positiveNumber(name, values[name], maximum);
      const count = (name: string, maximum: number): number => positiveInteger(name, values[name], maximum);
      await applyReferenceData(app, env);
      const options = {
        days: option('days', 3_650),
        items: count('items', 100_000),
        servers: count('servers', 1_000),
        pointsPerDay: option('points-per-day', 1_440),
        seed: count('seed', 2 ** 32 - 1),
        endAt: new Date(),
      };
      const points = await app
        .get(SimulationService)
        .fill('dofus', options, progressBar('simulating prices'));
      say(`simulated ${points} points`);
    }),
};

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${USAGE}`);
  }
}

function positiveNumber(name: string, value: unknown, maximum: number): number {
  const number = Number(value);
  if (!(number > 0 && number <= maximum))
    throw new StartupError(`--${name} takes a number above 0, at most ${maximum}.`);
  return number;
}

function positiveInteger(name: string, value: unknown, maximum: number): number {
  const number = Number(value);
  if (!(number >= 1 && number <= maximum && Number.isInteger(number)))
    throw new StartupError(`--${name} takes a whole number from 1 to ${maximum}.`);
  return number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function withApp(
  env: Env,
  place: DatabasePlace,
  work: (app: NestExpressApplication) => Promise<void>,
): Promise<void> {
  await bringSchemaUp(place.target);
  const database = await openDatabase(place.target, ENTITIES);
  const { logger, flush } = createLogger({ ...env, logLevel: 'warn' });
  const app = await createHttpApp({ ...env, role: 'api' }, database, logger);
  try {
    await work(app);
  } finally {
    await app.close();
    flush();
  }
}

async function main([name = '', ...args]: string[]): Promise<void> {
  const command = COMMANDS[name];
  if (!command) throw new StartupError(USAGE);
  const env = withSecretsKey(loadEnv());
  const place = await joinDatabase(env);
  try {
    await command(args, env, place);
  } finally {
    await place.stop();
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof StartupError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    process.exit(1);
  },
);
