import { httpStatusOf, PlatformError, success } from './bungie-envelope.js';
import { hashOf } from './game-words.js';
import { CATALYSTS_ROOT } from './manifest-definitions.js';
import type { ManifestFiles } from './manifest-files.js';
import { linkedProfilesAnswer, membershipsAnswer } from './membership-answer.js';
import { componentsOf, profileAnswer } from './profile-answer.js';
import { CRAFTING_ROOT, RECORDS_ROOT, SEALS_ROOT } from './record-answer.js';
import type { SandboxPlayer, SandboxProfile } from './sandbox-player.js';
import type { WeaponWorld } from './weapon-world.js';

// What stands under /Platform, as a function of who asks and when.

export interface PlatformWorld {
  /** By membership of Bungie.net. */
  readonly players: ReadonlyMap<string, SandboxPlayer>;
  /** By membership of Destiny. */
  readonly profiles: ReadonlyMap<string, SandboxProfile>;
  readonly manifest: ManifestFiles;
  readonly weapons: WeaponWorld;
  readonly otherRecords: number;
  /** Records come from another cache of Bungie's and are this much older than the rest. */
  readonly recordsLagMs: number;
}

export interface PlatformQuestion {
  /** Without /Platform. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Who is signed in. */
  readonly viewer: SandboxPlayer | undefined;
  readonly nowMs: number;
  /** The answer is to be one of this long ago; 0 = of now. */
  readonly staleMs: number;
}

export interface PlatformReply {
  readonly status: number;
  readonly body: unknown;
}

type Handler = (question: PlatformQuestion, world: PlatformWorld, parts: readonly string[]) => unknown;

const ROUTES: readonly (readonly [RegExp, Handler])[] = [
  [/^\/Settings\/?$/, settings],
  [/^\/Destiny2\/Manifest\/?$/, (_question, { manifest }) => manifest.answer()],
  [/^\/Destiny2\/Manifest\/([A-Za-z]+)\/(\d{1,10})\/?$/, definition],
  [/^\/User\/GetMembershipsForCurrentUser\/?$/, memberships],
  [/^\/Destiny2\/(-?\d{1,3})\/Profile\/(\d{1,19})\/LinkedProfiles\/?$/, linkedProfiles],
  [/^\/Destiny2\/(-?\d{1,3})\/Profile\/(\d{1,19})\/?$/, profile],
];

/** @throws PlatformError */
export function platformAnswer(question: PlatformQuestion, world: PlatformWorld): PlatformReply {
  for (const [pattern, handler] of ROUTES) {
    const match = pattern.exec(question.path);
    if (match) return { status: httpStatusOf(1), body: success(handler(question, world, match.slice(1))) };
  }
  throw new PlatformError(21);
}

function settings(): object {
  const system = { enabled: true, parameters: {} };
  const locale = { identifier: 'en', isDefault: true, displayName: 'English' };
  return {
    environment: 'sandbox',
    systems: { Destiny2: system, D2Profiles: system, Authentication: system, D2Manifest: system },
    systemContentLocales: [locale],
    userContentLocales: [locale],
    destiny2CoreSettings: {
      collectionRootNode: hashOf('node/collection-root'),
      recordsRootNode: RECORDS_ROOT,
      activeTriumphsRootNodeHash: RECORDS_ROOT,
      activeSealsRootNodeHash: SEALS_ROOT,
      exoticCatalystsRootNodeHash: CATALYSTS_ROOT,
      craftingRootNodeHash: CRAFTING_ROOT,
      currentSeasonHash: hashOf('season/27'),
      futureSeasonHashes: [],
      pastSeasonHashes: [hashOf('season/26')],
    },
  };
}

function definition(
  _question: PlatformQuestion,
  { manifest }: PlatformWorld,
  [table = '', hash = '']: readonly string[],
): object {
  const found = manifest.definition(table, Number(hash));
  if (!found) throw new PlatformError(21);
  return found;
}

function memberships({ viewer }: PlatformQuestion): object {
  if (!viewer) throw new PlatformError(99);
  return membershipsAnswer(viewer);
}

function linkedProfiles(
  { query }: PlatformQuestion,
  { players, profiles }: PlatformWorld,
  [type = '', id = '']: readonly string[],
): object {
  const player = Number(type) === 254 ? players.get(id) : profileOf(profiles, id, type)?.player;
  if (!player) throw new PlatformError(217);
  return linkedProfilesAnswer(player, query.get('getAllMemberships') === 'true');
}

function profile(
  { query, viewer, nowMs, staleMs }: PlatformQuestion,
  { profiles, weapons, otherRecords, recordsLagMs }: PlatformWorld,
  [type = '', id = '']: readonly string[],
): object {
  const components = componentsOf(query.get('components') ?? undefined);
  const found = profileOf(profiles, id, type);
  const code = found?.membership.errorCode ?? 1601;
  if (!found || found.membership.errorCode !== undefined || found.player.isOverridden(found))
    throw new PlatformError(code);
  const mintedMs = nowMs - staleMs;
  if (staleMs === 0) found.life.advanceTo(nowMs);
  const life = staleMs === 0 ? found.life : found.life.at(mintedMs);
  const recordsMintedMs = mintedMs - recordsLagMs;
  const isOwner = viewer === found.player;
  return profileAnswer({
    profile: found,
    components,
    isOwner,
    mintedMs,
    recordsMintedMs,
    life,
    weapons,
    otherRecords,
  });
}

function profileOf(
  profiles: PlatformWorld['profiles'],
  id: string,
  type: string,
): SandboxProfile | undefined {
  const found = profiles.get(id);
  return found?.membership.type === Number(type) ? found : undefined;
}
