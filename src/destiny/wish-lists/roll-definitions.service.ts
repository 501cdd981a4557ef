import { Injectable } from '@nestjs/common';
import type { WeaponDefinitions } from '../weapons/weapon-definition.js';

/** Whoever holds definitions of the game. */
export interface DefinitionSource {
  /** What is known of these items, weapons and plugs alike. */
  lookup(itemHashes: Iterable<number>): Promise<WeaponDefinitions>;
}

const NOTHING: WeaponDefinitions = { weapon: () => null, plug: () => null };

/** Names for hashes, from the manifest once it has registered itself; without one hashes stay hashes. */
@Injectable()
export class RollDefinitions {
  private source: DefinitionSource | undefined;

  register(source: DefinitionSource): void {
    this.source = source;
  }

  async lookup(itemHashes: Iterable<number>): Promise<WeaponDefinitions> {
    return this.source === undefined ? NOTHING : this.source.lookup(itemHashes);
  }
}
