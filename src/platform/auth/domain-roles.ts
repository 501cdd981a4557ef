import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { Permission } from './principal.js';

/**
 * What a domain grants to accounts by roles of its own (a curator, a game master). The domain registers itself in `onModuleInit`;
 * where it is not served, its roles grant nothing. A change of them has to void the account's tokens.
 */
export interface DomainRoleSource {
  /** The part before the colon of every permission that it grants. */
  readonly domain: string;
  /** @param tx of the system role */
  permissionsOf(tx: Tx, accountId: string): Promise<readonly Permission[]>;
}

/** All domains' roles as one question. Asked when a token is made or a key is verified, never per request. */
@Injectable()
export class DomainRoles {
  private readonly sources: DomainRoleSource[] = [];

  register(source: DomainRoleSource): void {
    if (this.sources.some(({ domain }) => domain === source.domain))
      throw new Error(`The domain ${source.domain} has two sources of roles`);
    this.sources.push(source);
  }

  get isEmpty(): boolean {
    return this.sources.length === 0;
  }

  /** @throws Error when a domain grants what is not its own to grant */
  async permissionsOf(tx: Tx, accountId: string): Promise<Permission[]> {
    const granted: Permission[] = [];
    for (const source of this.sources) {
      for (const permission of await source.permissionsOf(tx, accountId)) {
        if (!permission.startsWith(`${source.domain}:`))
          throw new Error(`The domain ${source.domain} cannot grant ${permission}`);
        granted.push(permission);
      }
    }
    return granted;
  }
}
