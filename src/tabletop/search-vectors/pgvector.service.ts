import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { ObjectVectorsRepository } from './object-vectors.repository.js';

/** Where it was not, it is looked for again after so long. */
const LOOKED_FOR_EVERY_MS = 60_000;

/** PostgreSQL's extension for vectors, which an operator may have made in the database (`CREATE EXTENSION vector`). */
@Injectable()
export class PgVector {
  private found: string | undefined;
  private nextLookMs = 0;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: ObjectVectorsRepository,
  ) {}

  /** The schema that it is in, as it stands in SQL; undefined = it is not there. */
  async schema(): Promise<string | undefined> {
    if (this.found === undefined && performance.now() >= this.nextLookMs) {
      this.nextLookMs = performance.now() + LOOKED_FOR_EVERY_MS;
      const [row] = await this.system.read<{ schema: string }>(SYSTEM_SCOPE, this.rows.findExtension());
      this.found = row?.schema;
    }
    return this.found;
  }

  /** It may have been dropped, or moved. */
  forget(): void {
    this.found = undefined;
  }
}
