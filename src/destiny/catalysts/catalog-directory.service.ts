import { Injectable } from '@nestjs/common';
import type { Catalog } from './catalog.js';
import { shippedCatalog } from './catalog.reader.js';

/** The catalysts that there are: the shipped ones, until a live manifest has told of others. */
@Injectable()
export class CatalogDirectory {
  private live: Catalog | undefined;

  current(): Catalog {
    return this.live ?? shippedCatalog();
  }

  /** From now on in this process. @param catalog undefined = the shipped one again */
  replace(catalog: Catalog | undefined): void {
    this.live = catalog;
  }
}
