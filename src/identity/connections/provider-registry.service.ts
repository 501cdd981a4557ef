import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { unknownProvider } from '../identity.errors.js';
import { builtInProviders } from './built-in.providers.js';
import type { ProviderDefinition } from './provider-definition.js';

const ID = /^[a-z][a-z0-9-]{0,40}$/;

/** What follows in a domain from a connection that was made or made again, in the transaction and the scope of its account. */
export type ConnectedListener = (tx: Tx, userId: string) => Promise<void>;

/** Whom people can connect to. A room that uses a provider adds it when its module starts. */
@Injectable()
export class ProviderRegistry {
  private readonly byId = new Map<string, ProviderDefinition>();
  private readonly listeners = new Map<string, ConnectedListener[]>();

  constructor(@Inject(ENV) env: Env) {
    for (const definition of builtInProviders(env)) this.add(definition);
  }

  /** @throws Error for a name that is taken or none */
  add(definition: ProviderDefinition): void {
    if (!ID.test(definition.id) || this.byId.has(definition.id))
      throw new Error(`There cannot be a provider ${definition.id}`);
    this.byId.set(definition.id, definition);
  }

  /** When the domain's module starts, whether or not there is such a provider here. */
  onConnected(id: string, listener: ConnectedListener): void {
    this.listeners.set(id, [...(this.listeners.get(id) ?? []), listener]);
  }

  /** An account has just signed in there. */
  async tellConnected(tx: Tx, id: string, userId: string): Promise<void> {
    for (const listener of this.listeners.get(id) ?? []) await listener(tx, userId);
  }

  list(): ProviderDefinition[] {
    return [...this.byId.values()];
  }

  find(id: string): ProviderDefinition | undefined {
    return this.byId.get(id);
  }

  /** @throws DomainError unknownProvider */
  get(id: string): ProviderDefinition {
    const definition = this.byId.get(id);
    if (!definition) throw unknownProvider();
    return definition;
  }

  /** One with which people sign in. @throws DomainError unknownProvider */
  getForSignIn(id: string): ProviderDefinition {
    const definition = this.get(id);
    if (!definition.signInScopes) throw unknownProvider();
    return definition;
  }
}
