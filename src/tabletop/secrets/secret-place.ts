import type { SecretPlace } from '../../platform/vault/vault.service.js';

/** Where the value of a secret lies. The key is the campaign's: the vault keeps one per owner, whoever that is. */
export function secretPlace({ id, campaignId }: { id: string; campaignId: string }): SecretPlace {
  return { table: 'tabletop.secret', column: 'value', rowId: id, userId: campaignId };
}
