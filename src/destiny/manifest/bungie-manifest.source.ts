import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { BungieClient } from '../bungie/bungie.client.js';
import {
  type ManifestEdition,
  type ManifestFile,
  ManifestImportError,
  type ManifestSource,
} from './manifest-source.js';
import { isManifestTable } from './manifest-tables.js';

/** Files come from a content network that asks for no key and counts no calls. */
const BUNGIE_FILES = defineProvider({
  provider: 'bungie-files',
  mostResponseBytes: 1_000_000_000,
  totalTimeoutMs: 20 * 60_000,
  mostTries: 1, // the job tries again, table by table
  mostParallel: 2,
});

/** The manifest of Bungie.net, or of whatever stands in for it at BUNGIE_URL. */
@Injectable()
export class BungieManifestSource implements ManifestSource {
  readonly origin = 'bungie';

  constructor(
    private readonly client: BungieClient,
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Whether there is a key to ask with. */
  get isConfigured(): boolean {
    return this.env.bungie !== undefined;
  }

  async edition(signal: AbortSignal): Promise<ManifestEdition> {
    const { version, tables } = await this.client.manifest({ signal });
    const files = [...tables].map(([language, paths]) => [language, filesOf(paths)] as const);
    return { version, files: new Map(files) };
  }

  read<T>(
    { path }: ManifestFile,
    signal: AbortSignal,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const url = `${this.env.bungie?.baseUrl}${path}`;
    return this.outbound.stream(BUNGIE_FILES, { url, signal }, ({ status, chunks }) => {
      if (status !== 200) throw new ManifestImportError(`The file ${path} was answered with ${status}.`);
      return use(chunks);
    });
  }
}

function filesOf(paths: ReadonlyMap<string, string>): ManifestFile[] {
  return [...paths].flatMap(([table, path]) =>
    isManifestTable(table) ? [{ table, path, depth: 1 as const }] : [],
  );
}
