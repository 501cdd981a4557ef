import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure, httpStatusOf, PlatformError } from './bungie-envelope.js';
import { BungieFaults, cutOf, FAULT_SCHEMA, type PlannedFault, playFault } from './bungie-faults.js';
import type { BungieClient } from './bungie-grants.js';
import { journalQuery, type JournalEntry } from './bungie-journal.js';
import { BungieOauth, tokenFailure } from './bungie-oauth.js';
import { platformAnswer, type PlatformWorld } from './bungie-platform.js';
import { BungieRate, RATE_THROTTLE_SECONDS, type RateRule } from './bungie-rate.js';
import { completeCatalysts, inventCatalysts, type SandboxCatalyst } from './catalyst-set.js';
import { ManifestFiles, writeFile } from './manifest-files.js';
import { type PlayerOptions, SandboxPlayer } from './sandbox-player.js';
import { buildWeapons, type WeaponWorld } from './weapon-world.js';
import { openLoopbackServer } from '../loopback-server.js';

// A Bungie.net on loopback, for the demo, tests and benchmarks: sign-in with rotating tokens, settings, manifest with its files, memberships
// and profiles of made-up players who play by a clock that can be advanced. Every answer says by a header that it is a stand-in's.
// POST /sandbox/faults, /sandbox/advance, /sandbox/revoke and /sandbox/manifest steer it from another process; GET /sandbox/journal says
// what it was asked.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';

export interface BungieSandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly clients: readonly BungieClient[];
  /** What X-API-Key must be. */
  readonly apiKey: string;
  /** Three unless said otherwise: ada, grace, linus. */
  readonly players?: readonly PlayerOptions[];
  /** Epoch of the sandbox's clock; `advance` comes on top. */
  readonly nowMs?: () => number;
  /** Invented ones unless given. */
  readonly catalysts?: readonly SandboxCatalyst[];
  readonly manifest?: ManifestOptions;
  /** When the players' story begins; 30 days before the sandbox opens unless given. Another start is another story. */
  readonly bornMs?: number;
  /** Weapons beside the exotic ones: kinds that there are, and copies in each profile. */
  readonly legendaries?: { readonly kinds?: number; readonly owned?: number };
  /** Records of each profile that are no catalyst's: the game's has about 6,000. */
  readonly otherRecords?: number;
  readonly recordsLagMs?: number;
  /** None unless given. */
  readonly rate?: RateRule;
}

export interface ManifestOptions {
  readonly version?: string;
  readonly languages?: readonly string[];
  /** About how large the files of a language are together. */
  readonly sizeMb?: number;
}

export interface BungieSandbox {
  readonly url: string;
  readonly faults: BungieFaults;
  /** Every request so far, without tokens. */
  readonly journal: JournalEntry[];
  readonly players: readonly SandboxPlayer[];
  readonly weapons: WeaponWorld;
  /** Of the sandbox's clock. */
  nowMs(): number;
  /** Moves the clock on, and everybody with it. */
  advance(ms: number): void;
  /** Whom the next sign-in is for, where it does not say. */
  signInAs(name: string): void;
  /** From now on this is the manifest; before, files of the ones before stay. */
  publishManifest(version: string, more?: PublishOptions): void;
  /** @throws Error when there is none of that name */
  player(name: string): SandboxPlayer;
  close(): Promise<void>;
}

export interface PublishOptions extends Omit<ManifestOptions, 'version'> {
  readonly keepsOld?: boolean;
  /** Records and weapons that players do not know yet. */
  readonly catalysts?: readonly SandboxCatalyst[];
}

/** They take their time, so that in a year there is still something left to find. */
const DEMO_PLAYERS: readonly PlayerOptions[] = [
  { name: 'ada', diligence: 0.3 },
  { name: 'grace', diligence: 0.45, memberships: [{ type: 1 }, { type: 3 }, { type: 2 }], crossSave: 3 },
  { name: 'linus', diligence: 0.15, memberships: [{ type: 6 }, { type: 2 }] },
];
const MOST_BODY_BYTES = 65_536;

export async function openBungieSandbox(options: BungieSandboxOptions): Promise<BungieSandbox> {
  const bungie = new Bungie(options);
  const server = await openLoopbackServer(options.port, (request, response) =>
    bungie.serve(request, response),
  );
  return {
    url: server.url,
    faults: bungie.faults,
    journal: bungie.journal,
    players: bungie.players,
    weapons: bungie.world.weapons,
    nowMs: () => bungie.nowMs(),
    advance: (ms) => bungie.advance(ms),
    signInAs: (name) => {
      bungie.oauth.nextPlayer = bungie.player(name).name;
    },
    publishManifest: (version, more) => bungie.publish(version, more),
    player: (name) => bungie.player(name),
    close: () => server.close(),
  };
}

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** One request, as far as it has come. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: string;
  readonly player: SandboxPlayer | undefined;
  readonly entry: { -readonly [key in keyof JournalEntry]: JournalEntry[key] };
}

class Bungie {
  readonly faults = new BungieFaults();
  readonly journal: JournalEntry[] = [];
  readonly players: readonly SandboxPlayer[];
  readonly oauth: BungieOauth;
  readonly world: PlatformWorld;
  private readonly rate: BungieRate | undefined;
  private advancedMs = 0;

  constructor(private readonly options: BungieSandboxOptions) {
    const { legendaries = {}, otherRecords = 20, recordsLagMs = 0, manifest = {} } = options;
    const catalysts = completeCatalysts(options.catalysts ?? inventCatalysts());
    const weapons = buildWeapons(catalysts, legendaries.kinds ?? 60);
    const bornMs = options.bornMs ?? this.nowMs() - 30 * 86_400_000;
    const world = { catalysts, weapons, bornMs, legendaryCount: legendaries.owned ?? 40 };
    this.players = (options.players ?? DEMO_PLAYERS).map((player, index) => {
      return new SandboxPlayer(player, index + 1, world);
    });
    this.oauth = new BungieOauth(options.clients, this.players, () => this.nowMs());
    for (const player of this.players) player.revoke = () => this.oauth.grants.revokeAllOf(player);
    this.rate = options.rate && new BungieRate(options.rate);
    const files = new ManifestFiles();
    this.world = {
      players: new Map(this.players.map((player) => [player.bungieMembershipId, player])),
      profiles: new Map(
        this.players.flatMap(({ profiles }) => profiles.map((profile) => [profile.membershipId, profile])),
      ),
      manifest: files,
      weapons,
      otherRecords,
      recordsLagMs,
    };
    const { version = '240000.26.06.09.1700-1-sandbox', languages = ['en'], sizeMb = 0 } = manifest;
    files.publish({ version, languages, sizeMb, catalysts, weapons, otherRecords });
    this.advance(0);
  }

  nowMs(): number {
    return (this.options.nowMs ?? Date.now)() + this.advancedMs;
  }

  advance(ms: number): void {
    this.advancedMs += ms;
    for (const player of this.players) player.advanceTo(this.nowMs());
  }

  player(name: string): SandboxPlayer {
    const found = this.players.find((one) => one.name === name);
    if (!found) throw new Error(`No player is called ${name}`);
    return found;
  }

  publish(version: string, { keepsOld, catalysts, ...more }: PublishOptions = {}): void {
    const { current } = this.world.manifest;
    const known = catalysts === undefined ? current.catalysts : completeCatalysts(catalysts);
    const weapons =
      catalysts === undefined ? current.weapons : buildWeapons(known, current.weapons.legendaries.length);
    this.world.manifest.publish({ ...current, ...more, version, catalysts: known, weapons }, keepsOld);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    response.setHeader(SANDBOX_HEADER, 'bungie');
    const body = await readBody(request);
    if (url.pathname.startsWith('/sandbox/')) {
      send(response, this.control(request.method ?? 'GET', url.pathname, body));
      return;
    }
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const granted = token === undefined ? undefined : this.oauth.grants.playerOf(token);
    const player = granted && this.world.players.get(granted.bungieMembershipId);
    const entry = {
      atMs: this.nowMs(),
      method: request.method ?? 'GET',
      path: url.pathname,
      query: journalQuery(url.searchParams),
      player: player?.name ?? null,
      hasBearer: token !== undefined,
      hasKey: request.headers['x-api-key'] !== undefined,
      status: 0,
      errorCode: null,
      isOver: false,
      fault: null,
    };
    this.journal.push(entry);
    await this.answer({ request, response, url, body, player, entry });
  }

  /** The rate comes first, then faults, then the answer as it should be. */
  private async answer(call: Call): Promise<void> {
    const { request, response, url, player, entry } = call;
    const isFile = url.pathname.startsWith('/common/');
    const isPage = AUTHORIZE.test(url.pathname);
    const address = request.socket.remoteAddress ?? '';
    if (!isFile && !isPage && this.rate?.isOver(address, this.nowMs()) === true) {
      entry.isOver = true;
      this.reply(call, this.failureAt(url.pathname, 36, RATE_THROTTLE_SECONDS));
      return;
    }
    const fault = this.faults.take(url.pathname, player?.name ?? null);
    entry.fault = fault?.kind ?? null;
    const cutBytes = isFile ? cutOf(fault) : undefined;
    const played = fault && cutBytes === undefined ? playFault(response, fault, {}) : undefined;
    if (played !== undefined) {
      entry.status = played;
      return;
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (isFile && fault?.kind !== 'error') {
      await this.file(call, fault, cutBytes);
      return;
    }
    const reply = this.replyTo(call, fault);
    if (fault?.kind === 'lost') response.socket?.resetAndDestroy();
    else this.reply(call, reply);
  }

  private replyTo(call: Call, fault: PlannedFault | undefined): Reply {
    const { request, url, body } = call;
    if (fault?.kind === 'error' && fault.errorCode !== undefined)
      return this.failureAt(url.pathname, fault.errorCode, fault.throttleSeconds, fault.status);
    const { authorization, accept = '' } = request.headers;
    if (AUTHORIZE.test(url.pathname)) return this.oauth.authorize(url, accept.includes('text/html'));
    if (TOKEN.test(url.pathname))
      return request.method === 'POST'
        ? this.oauth.token(new URLSearchParams(body), authorization)
        : { status: 405, body: { error: 'invalid_request' } };
    try {
      return this.platform(call, fault?.kind === 'stale' ? fault.staleMs : 0);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return this.failureAt(url.pathname, error.code, error.throttleSeconds);
    }
  }

  /** Keys come first, then the token: one that is bad is refused even where none is needed. */
  private platform({ request, url, player, entry }: Call, staleMs: number): Reply {
    const path = /^\/Platform(\/.*)$/i.exec(url.pathname)?.[1];
    if (path === undefined || request.method !== 'GET') throw new PlatformError(21);
    const key = request.headers['x-api-key'];
    if (key !== this.options.apiKey) throw new PlatformError(key === undefined ? 2102 : 2101);
    if (entry.hasBearer && player === undefined) throw new PlatformError(99);
    const nowMs = this.nowMs();
    return platformAnswer({ path, query: url.searchParams, viewer: player, nowMs, staleMs }, this.world);
  }

  private failureAt(path: string, code: number, throttleSeconds: number, status?: number): Reply {
    if (TOKEN.test(path)) return tokenFailure(code, status);
    return { status: status ?? httpStatusOf(code), body: failure(code, throttleSeconds) };
  }

  private async file(
    { response, url, entry }: Call,
    fault: PlannedFault | undefined,
    cutBytes: number | undefined,
  ): Promise<void> {
    const file = this.world.manifest.find(url.pathname);
    if (file === undefined) {
      entry.status = 404;
      send(response, { status: 404, headers: { 'content-type': 'text/html' }, body: 'Not Found' });
      return;
    }
    entry.status = 200;
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=31536000',
    });
    await writeFile(response, file, cutBytes);
    if (fault?.kind === 'half-body') response.write('', () => response.socket?.destroy());
    else response.end();
  }

  private reply({ response, entry }: Call, reply: Reply): void {
    const { ErrorCode: code } = reply.body as { ErrorCode?: number };
    entry.status = reply.status;
    entry.errorCode = code ?? null;
    send(response, reply);
  }

  private control(method: string, path: string, body: string): Reply {
    try {
      if (path === '/sandbox/journal') return { status: 200, body: this.journal };
      if (method !== 'POST') return { status: 405, body: {} };
      const given = JSON.parse(body) as { ms?: number; player?: string; version?: string };
      if (path === '/sandbox/faults') this.faults.next(FAULT_SCHEMA.parse(given));
      else if (path === '/sandbox/advance') this.advance(given.ms ?? 0);
      else if (path === '/sandbox/revoke') this.player(given.player ?? '').revoke();
      else if (path === '/sandbox/manifest') this.publish(given.version ?? '');
      else return { status: 404, body: {} };
      return { status: 200, body: {} };
    } catch (error) {
      return { status: 400, body: { error: (error as Error).message } };
    }
  }
}

const AUTHORIZE = /^\/[a-z-]{2,6}\/OAuth\/Authorize\/?$/i;
const TOKEN = /^\/platform\/app\/oauth\/token\/?$/i;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    ...headers,
  });
  response.end(bytes);
}
