import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MANIFEST_TABLES, type ManifestTable } from '../../src/destiny/manifest/manifest-tables.js';

// A stand-in for the two things that an import asks Bungie.net for: which version there is, and its files. Small worlds, and faults that
// a test names by table.

export const MANIFEST_KEY = 'key-of-the-manifest-0123456789';

export type Definitions = Record<string, Record<string, unknown>>;

/** What happens to the file of a table. `cut` ends the connection in the middle, `short` ends the answer there. */
export type FileFault = 'cut' | 'short' | 'missing' | 'hold';

export interface ManifestServer {
  readonly url: string;
  /** Paths of files that were asked for, in order. */
  readonly asked: string[];
  readonly faults: Map<ManifestTable, FileFault>;
  /** From now on this is the newest version; files of the older ones stay. */
  publish(version: string, tables: Partial<Record<ManifestTable, Definitions>>): void;
  /** Called before the file of this table is answered. */
  before: ((table: ManifestTable) => void) | undefined;
  /** Lets files go on that `hold` keeps. */
  release(): void;
  close(): Promise<void>;
}

export async function openManifestServer(languages: readonly string[] = ['en']): Promise<ManifestServer> {
  const files = new Map<string, { table: ManifestTable; json: string }>();
  const held = new Set<() => void>();
  let version = '';
  const fileOf = (language: string, table: string): string =>
    `/common/json/${language}/${table}-${version}.json`;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/Platform/Destiny2/Manifest/') {
      if (request.headers['x-api-key'] !== MANIFEST_KEY) return answerJson(response, { ErrorCode: 2101 });
      const paths = languages.map((language) => [
        language,
        Object.fromEntries(MANIFEST_TABLES.map((table) => [table, fileOf(language, table)])),
      ]);
      const Response = { version, jsonWorldComponentContentPaths: Object.fromEntries(paths) as object };
      return answerJson(response, { ErrorCode: 1, Response });
    }
    const file = files.get(path);
    const fault = file && manifests.faults.get(file.table);
    if (!file || fault === 'missing') return void response.writeHead(404).end();
    manifests.asked.push(path);
    manifests.before?.(file.table);
    const half = Math.floor(file.json.length / 2);
    if (fault === undefined) return void response.end(file.json);
    response.write(file.json.slice(0, half));
    if (fault === 'cut') setTimeout(() => response.destroy(), 20);
    else if (fault === 'short') response.end();
    else held.add(() => response.end(file.json.slice(half)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const manifests: ManifestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    faults: new Map(),
    before: undefined,
    publish: (next, tables) => {
      version = next;
      for (const language of languages)
        for (const table of MANIFEST_TABLES) {
          const definitions = tables[table] ?? { 1: { hash: 1, told: next } };
          files.set(fileOf(language, table), { table, json: JSON.stringify(definitions) });
        }
    },
    release: () => {
      for (const go of held) go();
      held.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return manifests;
}

function answerJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Items that say which version they are of, with names by which they are found. */
export function itemsOf(version: string, count: number, from = 1): Definitions {
  const hashes = Array.from({ length: count }, (_, index) => 4_000_000_000 + from + index);
  return Object.fromEntries(
    hashes.map((hash) => [hash, { hash, told: version, displayProperties: { name: `Thing ${hash}` } }]),
  );
}
