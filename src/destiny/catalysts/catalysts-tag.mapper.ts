import { sha256 } from '../../platform/crypto/digest.js';
import type { OwnCatalysts } from './catalyst-reads.service.js';

/** Names everything that an answer about a player's catalysts depends on. @param address path and query */
export function tagOf({ membershipId, version, asOf, isStale }: OwnCatalysts, address: string): string {
  const parts = [membershipId, version, asOf?.getTime() ?? null, isStale, address];
  return `"${sha256(JSON.stringify(parts)).toString('base64url').slice(0, 27)}"`;
}
