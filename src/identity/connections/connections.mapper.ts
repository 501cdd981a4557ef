import { AUTHORIZATION_LIFE_S, type Begun } from './authorizations.service.js';
import type { AuthorizationDto, ConnectionDto, ConnectionsDto } from './connections.dto.js';
import type { ConnectionStatus } from './connections.service.js';

export function toAuthorizationDto({ url }: Begun): AuthorizationDto {
  return { url, expiresInS: AUTHORIZATION_LIFE_S };
}

export function toConnectionsDto(found: readonly ConnectionStatus[]): ConnectionsDto {
  return { items: found.map(toConnectionDto) };
}

function toConnectionDto({ provider, connection }: ConnectionStatus): ConnectionDto {
  return {
    provider,
    state: connection?.state ?? 'none',
    scopes: connection?.grantedScopes ?? [],
    subject: connection?.subject ?? null,
    connectedAt: connection?.createdAt.toISOString() ?? null,
  };
}
