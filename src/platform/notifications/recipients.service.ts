import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';

/** Knows where accounts read their mail; identity is one. @param tx of the system role */
export type AddressSource = (tx: Tx, userId: string) => Promise<string | undefined>;

/** Where an account reads its mail: only an address that it has proved is one. */
@Injectable()
export class Recipients {
  private source: AddressSource = () => Promise.resolve(undefined);

  /** Told once, when the module of whoever knows starts. */
  askAt(source: AddressSource): void {
    this.source = source;
  }

  addressOf(tx: Tx, userId: string): Promise<string | undefined> {
    return this.source(tx, userId);
  }
}
