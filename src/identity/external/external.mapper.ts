import type { IdentitiesDto } from './external.dto.js';
import type { ExternalIdentityRow } from './external-identities.repository.js';

export function toIdentitiesDto(rows: readonly ExternalIdentityRow[]): IdentitiesDto {
  return {
    items: rows.map(({ id, provider, issuer, email, createdAt }) => ({
      id,
      provider,
      issuer,
      email,
      createdAt: createdAt.toISOString(),
    })),
  };
}
