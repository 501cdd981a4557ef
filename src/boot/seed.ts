import type { INestApplicationContext } from '@nestjs/common';
import { OperatorAccounts } from '../identity/accounts/operator-accounts.service.js';
import { CatalogSeedService } from '../market/catalog/catalog-seed.service.js';
import { HarvestSeedService } from '../market/harvest/harvest-seed.service.js';
import { DEMO_WORLD, SimulationService } from '../market/simulation/simulation.service.js';
import type { Env } from '../platform/config/env.js';
import { RollupRequests } from '../market/rollups/rollup-requests.service.js';
import { DEMO_EMAIL } from './made-up-tokens.js';
import { RotateKeysRequests } from '../platform/operations/rotate-keys.service.js';
import { progressBar } from './progress-bar.js';

/** Facts that every installation has; safe to repeat. */
export async function applyReferenceData(app: INestApplicationContext, env: Env): Promise<void> {
  if (!env.domains.includes('market')) return;
  await app.get(CatalogSeedService).applyDofus();
  await app.get(HarvestSeedService).applyDofus();
}

/** The demo world of each domain, where there is nothing yet. */
export async function seedDemo(app: INestApplicationContext, env: Env): Promise<void> {
  if (!env.isDemoSeeded || !env.domains.includes('market')) return;
  await app
    .get(SimulationService)
    .fillDemo('dofus', { ...DEMO_WORLD, endAt: new Date() }, progressBar('simulating 30 days of prices'));
}

/** An account to sign in with at once; one whose password has been changed stays as it is. */
export async function seedDemoAccount(
  app: INestApplicationContext,
  password: string | undefined,
): Promise<void> {
  if (password === undefined) return;
  await app.get(OperatorAccounts, { strict: false }).ensure(DEMO_EMAIL, 'member', password);
}

/** Work that days without a worker, or a new key, have left behind. */
export async function catchUp(app: INestApplicationContext, env: Env): Promise<void> {
  if (env.role === 'api') return;
  await app.get(RotateKeysRequests).catchUp();
  if (env.domains.includes('market')) await app.get(RollupRequests).catchUp();
}
