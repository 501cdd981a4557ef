import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ENV } from '../../platform/config/config.module.js';
import type { BungieSettings } from '../../platform/config/bungie-settings.js';
import type { Env } from '../../platform/config/env.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import {
  type ManifestEdition,
  type ManifestFile,
  ManifestImportError,
  type ManifestSource,
} from './manifest-source.js';
import { isManifestTable } from './manifest-tables.js';

/** The list of versions is one small call; files come from a content network that counts no calls. */
const BUNGIE_MANIFEST = defineProvider({ provider: 'bungie-manifest' });
const BUNGIE_FILES = defineProvider({
  provider: 'bungie-files',
  mostResponseBytes: 1_000_000_000,
  totalTimeoutMs: 20 * 60_000,
  mostTries: 1, // the job tries again, table by table
  mostParallel: 2,
});

const SUCCESS = 1;

const ANSWER = z.object({
  ErrorCode: z.number(),
  ErrorStatus: z.string().optional(),
  Response: z
    .object({
      version: z.string().min(1).max(200),
      /** Language, table, path below the base. */
      jsonWorldComponentContentPaths: z.record(z.string(), z.record(z.string(), z.string().max(500))),
    })
    .optional(),
});

/** The manifest of Bungie.net, or of whatever stands in for it at BUNGIE_URL. */
@Injectable()
export class BungieManifestSource implements ManifestSource {
  readonly origin = 'bungie';

  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Whether there is a key to ask with. */
  get isConfigured(): boolean {
    return this.env.bungie !== undefined;
  }

  async edition(signal: AbortSignal): Promise<ManifestEdition> {
    const { apiKey, baseUrl } = this.settings();
    const url = `${baseUrl}/Platform/Destiny2/Manifest/`;
    const { value } = await this.outbound.requestJson(
      BUNGIE_MANIFEST,
      { url, headers: { 'x-api-key': apiKey }, signal },
      ANSWER,
    );
    const { ErrorCode: code, Response: found } = value;
    if (code !== SUCCESS || found === undefined)
      throw new ManifestImportError(`Bungie.net gives no manifest: error ${code}.`);
    const files = Object.entries(found.jsonWorldComponentContentPaths).map(
      ([language, paths]) => [language, filesOf(paths)] as const,
    );
    return { version: found.version, files: new Map(files) };
  }

  read<T>(
    { path }: ManifestFile,
    signal: AbortSignal,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const { baseUrl } = this.settings();
    const url = new URL(path, baseUrl);
    if (url.origin !== new URL(baseUrl).origin)
      throw new ManifestImportError('The manifest names a file of another server.');
    return this.outbound.stream(BUNGIE_FILES, { url, signal }, ({ status, chunks }) => {
      if (status !== 200) throw new ManifestImportError(`The file ${path} was answered with ${status}.`);
      return use(chunks);
    });
  }

  private settings(): BungieSettings {
    const { bungie } = this.env;
    if (bungie === undefined) throw new ManifestImportError('BUNGIE_API_KEY is not set.');
    return bungie;
  }
}

function filesOf(paths: Readonly<Record<string, string>>): ManifestFile[] {
  return Object.entries(paths).flatMap(([table, path]) =>
    isManifestTable(table) ? [{ table, path, depth: 1 as const }] : [],
  );
}
