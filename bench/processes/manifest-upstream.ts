import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MANIFEST_TABLES, type ManifestTable } from '../../src/destiny/manifest/manifest-tables.js';
import type { SeededRandom } from '../../src/market/simulation/random.js';
import { type ManifestRequest, type ManifestUpstream } from '../support/manifest-upstream.js';
import { pick, randomOf } from '../support/random-data.js';
import { answerRequests } from '../support/worker.js';

// A manifest in a process of its own, made while it is sent: which version there is, and its files. Definitions have the depth and the
// sizes of real ones: items of some kilobytes with sockets and stats make three quarters of the bytes.

const SHARES: Partial<Record<ManifestTable, number>> = {
  DestinyInventoryItemDefinition: 0.75,
  DestinyRecordDefinition: 0.1,
  DestinyCollectibleDefinition: 0.08,
  DestinyObjectiveDefinition: 0.05,
};
const SMALLEST_FILE_BYTES = 50_000;
/** Read by the benchmark. */
const KNOWN_ITEMS = 200;
/** Definitions are made of so many, each with a hash of its own: making them shall cost next to nothing. */
const TEMPLATES = 64;
const CHUNK_CHARS = 65_536;
const WORDS =
  'light dark of the last wish gun solar arc void strand catalyst grants kills faster reload'.split(' ');

let current: ManifestRequest | undefined;
const templatesOf = new Map<string, string[]>();

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (path.startsWith('/Platform/')) {
    const entries = MANIFEST_TABLES.map((table) => [table, `/json/en/${table}.${current!.version}.json`]);
    const Response = {
      version: current!.version,
      jsonWorldComponentContentPaths: { en: Object.fromEntries(entries) as object },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ErrorCode: 1, ErrorStatus: 'Success', Response }));
    return;
  }
  const table = MANIFEST_TABLES.find((one) => path.includes(`/${one}.`));
  if (table === undefined) response.writeHead(404).end();
  else void send(response, table).catch(() => response.destroy());
});

async function send(response: ServerResponse, table: ManifestTable): Promise<void> {
  let pending = '';
  for (const piece of piecesOf(table)) {
    pending += piece;
    if (pending.length < CHUNK_CHARS) continue;
    if (!response.write(pending)) await drained(response);
    if (response.destroyed) return;
    pending = '';
  }
  response.end(pending);
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

function* piecesOf(table: ManifestTable): Generator<string, void, undefined> {
  const templates = templatesFor(table);
  const wanted = Math.max(SMALLEST_FILE_BYTES, current!.sizeBytes * (SHARES[table] ?? 0));
  let sent = 0;
  for (let index = 0; sent < wanted || index < KNOWN_ITEMS; index += 1) {
    const hash = hashOf(index);
    const piece = `${index === 0 ? '{' : ','}"${hash}":{"hash":${hash},${templates[index % TEMPLATES]!}`;
    sent += piece.length;
    yield piece;
  }
  yield '}';
}

/** Spread over 32 bits, each once. */
function hashOf(index: number): number {
  return Math.imul(index + 1, 0x9e37_79b1) >>> 0;
}

function templatesFor(table: ManifestTable): string[] {
  const key = `${current!.seed} ${current!.version} ${table}`;
  const known = templatesOf.get(key);
  if (known) return known;
  const random = randomOf(current!.seed, MANIFEST_TABLES.indexOf(table));
  const made = Array.from({ length: TEMPLATES }, (_, index) => {
    const body = table === 'DestinyInventoryItemDefinition' ? item(random, index) : plain(random, index);
    return JSON.stringify({ ...body, told: current!.version }).slice(1);
  });
  templatesOf.clear();
  templatesOf.set(key, made);
  return made;
}

function sentence(random: SeededRandom, words: number): string {
  return Array.from({ length: words }, () => pick(WORDS, random)).join(' ');
}

function plain(random: SeededRandom, index: number): object {
  return {
    displayProperties: { name: sentence(random, 3), description: sentence(random, 20), hasIcon: true },
    objectiveHashes: [hashOf(index), hashOf(index + 1)],
    index,
    redacted: false,
  };
}

/** Every eighth is a weapon with all its sockets, some 10 kB; the others have a few. */
function item(random: SeededRandom, index: number): object {
  const isWeapon = index % 8 === 0;
  const sockets = Array.from({ length: isWeapon ? 40 : 4 }, (_, socket) => ({
    socketTypeHash: hashOf(socket),
    singleInitialItemHash: hashOf(socket + index),
    reusablePlugItems: [{ plugItemHash: hashOf(socket * 7) }],
    plugSources: 7,
    defaultVisible: true,
  }));
  const stats = Array.from({ length: 12 }, (_, stat) => [
    String(hashOf(stat)),
    { statHash: hashOf(stat), value: Math.floor(random.uniform() * 100), minimum: 0, maximum: 100 },
  ]);
  return {
    displayProperties: {
      name: sentence(random, 2),
      description: sentence(random, 30),
      icon: `/common/destiny2_content/icons/${hashOf(index)}.jpg`,
    },
    itemType: isWeapon ? 3 : 19,
    itemSubType: 9,
    inventory: { tierType: 5, bucketTypeHash: 1498876634 },
    sockets: { socketEntries: sockets },
    stats: { stats: Object.fromEntries(stats) as object },
    index,
  };
}

answerRequests(async (request: ManifestRequest): Promise<ManifestUpstream> => {
  current = request;
  if (!server.listening) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  let sizeBytes = 0;
  let definitionCount = 0;
  for (const table of MANIFEST_TABLES)
    for (const piece of piecesOf(table)) {
      sizeBytes += piece.length;
      if (piece.length > 1) definitionCount += 1;
    }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Small ones: the load reads an answer as one piece.
  const itemHashes = Array.from({ length: KNOWN_ITEMS }, (_, index) => index)
    .filter((index) => index % 8 !== 0)
    .map(hashOf);
  return { url, itemHashes, sizeBytes, definitionCount };
});
