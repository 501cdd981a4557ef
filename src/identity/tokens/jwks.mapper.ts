import type { JwksDto } from './jwks.dto.js';
import type { PublicJwk } from './signing-key.entity.js';

export function toJwksDto(published: readonly { id: string; publicJwk: PublicJwk }[]): JwksDto {
  return {
    keys: published.map(({ id, publicJwk: { kty, crv, x, y } }) => ({
      kty,
      crv,
      x,
      y,
      kid: id,
      use: 'sig',
      alg: 'ES256',
    })),
  };
}
