import { sha256 } from '../../platform/crypto/digest.js';
import type { PublicShareDto } from './shares.dto.js';

/** Names the very body. */
export function shareTagOf(share: PublicShareDto): string {
  return `"${sha256(JSON.stringify(share)).toString('base64url').slice(0, 27)}"`;
}
