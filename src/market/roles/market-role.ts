import type { Permission } from '../../platform/auth/principal.js';

// What accounts are to the market beyond their role on the platform, and what each may do by it.

export const MARKET_ROLES = ['curator'] as const;
export type MarketRole = (typeof MARKET_ROLES)[number];

export const MARKET_ROLE_PERMISSIONS: Readonly<Record<MarketRole, readonly Permission[]>> = {
  /** Corrects and takes out observations of others. */
  curator: ['market:curate'],
};
