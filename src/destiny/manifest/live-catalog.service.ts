import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { Catalog, catalogFileSchema } from '../catalysts/catalog.js';
import { CatalogDirectory } from '../catalysts/catalog-directory.service.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { CATALOG_TABLES, CatalogSources } from '../catalysts/catalog-sources.js';
import { deriveCatalog } from '../catalysts/derive-catalog.js';
import {
  CatalystDefinitionsRepository,
  type CatalystDefinitionRow,
} from './catalyst-definitions.repository.js';
import type { CurrentVersion } from './manifest-versions.repository.js';
import { ManifestSwitch } from './manifest-switch.service.js';

/** Names are matched in English. */
const LANGUAGE = 'en';
const PAGE = 500;
/** Another process may have switched; so late is this one at most. */
const LOOK_EVERY_MS = 30_000;
const FACTS = catalogFileSchema.shape.catalysts;

/**
 * The list of catalysts follows the manifest: it is derived from the presentation nodes in the transaction in which a version becomes
 * current, and every process takes it over from the table. A manifest from which no list can be made leaves the one before.
 */
@Injectable()
export class LiveCatalog implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private version: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly manifests: ManifestSwitch,
    private readonly rows: CatalystDefinitionsRepository,
    private readonly directory: CatalogDirectory,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.manifests.onSwitched((tx, versions) => this.derive(tx, versions));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Takes over what the table holds, where that is of another version. */
  async refresh(): Promise<void> {
    const [newest] = await this.uow.read<{ version: string }>(SYSTEM_PRINCIPAL, this.rows.versionStatement());
    if (newest === undefined || newest.version === this.version) return;
    const found = await this.uow.read<CatalystDefinitionRow>(SYSTEM_PRINCIPAL, this.rows.listStatement());
    this.directory.replace(new Catalog(FACTS.parse(found.map(({ facts }) => facts))));
    this.version = found[0]?.version;
  }

  private async derive(tx: Tx, versions: readonly CurrentVersion[]): Promise<void> {
    const english = versions.find(({ language }) => language === LANGUAGE);
    if (!english) return;
    const sources = await this.sourcesOf(tx, english.id);
    try {
      const derived = FACTS.parse(deriveCatalog(sources, shippedCatalog(), null).catalysts);
      await this.rows.replaceAll(tx, english.version, new Catalog(derived).catalysts);
    } catch (error) {
      if (isOfDatabase(error)) throw error;
      this.logger.warn(
        { err: error, version: english.version },
        'no list of catalysts can be made of this manifest',
      );
    }
    tx.afterCommit(() => void this.look());
  }

  private async sourcesOf(tx: Tx, versionId: number): Promise<CatalogSources> {
    const sources = new CatalogSources();
    for (const table of CATALOG_TABLES)
      for (let after = -1; ;) {
        const page = await this.rows.listSources(tx, versionId, table, after, PAGE);
        for (const { json } of page) sources.accept(table, json);
        if (page.length < PAGE) break;
        after = page.at(-1)!.hash;
      }
    return sources;
  }

  private async look(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.logger.warn({ err: error }, 'the list of catalysts could not be read; the one before holds');
    }
  }
}

/** The transaction is lost then. */
function isOfDatabase(error: unknown): boolean {
  return typeof (error as { code?: unknown }).code === 'string';
}
