import type { Readable } from 'node:stream';
import { SetMetadata } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';

// What each room knows of persons, and how it gives that out and forgets it. The comment of every table with a user's rows says
// `erase=<handler>`; a test compares those names with the handlers that there are, so a new table cannot be forgotten.

/** Where an export goes. */
export interface DataSink {
  /** One file of a JSON array. @param table with its schema, the name of the file @param portions rows as JSON texts */
  rows(table: string, portions: AsyncIterable<readonly string[]>): Promise<void>;
  /**
   * One file of bytes, copied once the transaction is over: a store may be slow, and no transaction stays open for that.
   * @param name a path inside of the archive, of our making @param open undefined = it has been deleted meanwhile
   */
  file(name: string, open: () => Promise<Readable | undefined>): void;
}

/** A provider with `@HandlesData(name)`. */
export interface DataHandler {
  /** Everything of the user's that is no secret of the installation. @param tx of the system role */
  export(tx: Tx, userId: string, sink: DataSink): Promise<void>;
  /**
   * Before any handler erases, and outside of their transactions: what needs the user's keys for the last time. Safe to repeat.
   */
  prepare?(userId: string): Promise<void>;
  /** Forgets the user. Runs again after a crash, and once more later: safe to repeat. @param tx of the system role */
  erase(tx: Tx, userId: string): Promise<void>;
}

export const HANDLES_DATA_METADATA = 'guildhall:handles-data';

/** @param name what tables call it: `erase=<name>` */
export const HandlesData = (name: string): ClassDecorator => SetMetadata(HANDLES_DATA_METADATA, name);
