import { mixed32 } from '../random.js';
import { PlatformError } from './bungie-envelope.js';
import { hashOf, iconOf, POWER } from './game-words.js';
import {
  instanceOf,
  itemComponent,
  type PlacedItem,
  placedItems,
  plugObjectivesOf,
  reusablePlugsOf,
  socketsOf,
  STACK_OF_GLIMMER,
  statsOf,
} from './item-answer.js';
import { userInfoCard } from './membership-answer.js';
import type { PlayerLife } from './player-life.js';
import {
  characterRecords,
  CRAFTING_ROOT,
  profileRecords,
  RECORDS_ROOT,
  SEALS_ROOT,
} from './record-answer.js';
import type { SandboxCharacter, SandboxProfile } from './sandbox-player.js';
import type { WeaponWorld } from './weapon-world.js';

// GetProfile. What a stranger may see: never vault and bags; records and equipment only of players who show them. A component that is
// not shown comes without `data`, and whoever it is shown to is told by `privacy` whether others see it too.

const PUBLIC = 1;
const PRIVATE = 2;

/** Components by number or by name, as both may be asked for. */
const NAMES: Readonly<Record<string, number>> = {
  Profiles: 100,
  ProfileInventories: 102,
  Characters: 200,
  CharacterInventories: 201,
  CharacterProgressions: 202,
  CharacterEquipment: 205,
  ItemInstances: 300,
  ItemStats: 304,
  ItemSockets: 305,
  ItemPlugObjectives: 309,
  ItemReusablePlugs: 310,
  Records: 900,
  Craftables: 1_300,
};

export interface ProfileQuestion {
  readonly profile: SandboxProfile;
  readonly components: ReadonlySet<number>;
  readonly isOwner: boolean;
  /** When the answer was made; a stale one was made a while ago, and says what was so then. */
  readonly mintedMs: number;
  readonly recordsMintedMs: number;
  readonly life: PlayerLife;
  readonly weapons: WeaponWorld;
  readonly otherRecords: number;
}

/** @throws PlatformError of a list without components, or with one that is no component */
export function componentsOf(list: string | undefined): Set<number> {
  const words = (list ?? '').split(',').filter((word) => word !== '');
  if (words.length === 0) throw new PlatformError(18);
  return new Set(
    words.map((word) => {
      const number = NAMES[word] ?? (/^\d{1,4}$/.test(word) ? Number(word) : undefined);
      if (number === undefined) throw new PlatformError(7);
      return number;
    }),
  );
}

/** Components that the sandbox has not are left out, as are those that were not asked for. */
export function profileAnswer(question: ProfileQuestion): object {
  const { components, mintedMs, recordsMintedMs } = question;
  const sees = (number: number): boolean => components.has(number);
  return {
    responseMintedTimestamp: new Date(mintedMs).toISOString(),
    secondaryComponentsMintedTimestamp: new Date(recordsMintedMs).toISOString(),
    ...(sees(100) && { profile: { data: profileComponent(question), privacy: PUBLIC } }),
    ...(sees(200) && { characters: { data: byCharacter(question, characterComponent), privacy: PUBLIC } }),
    ...(sees(202) && { characterProgressions: hidden(question, true, progressionsOf) }),
    ...itemAnswers(question),
    ...(sees(900) && recordAnswers(question)),
    ...(sees(1_300) && { characterCraftables: hidden(question, false, craftablesOf) }),
  };
}

/** @param isNever whether others are never shown it, rather than by the player's choice */
function hidden(
  question: ProfileQuestion,
  isNever: boolean,
  make: (question: ProfileQuestion, character: SandboxCharacter) => object,
): object {
  const privacy = isNever || question.profile.player.isPrivate ? PRIVATE : PUBLIC;
  if (privacy === PRIVATE && !question.isOwner) return { privacy };
  return { data: byCharacter(question, (character) => make(question, character)), privacy };
}

function byCharacter(
  question: ProfileQuestion,
  make: (character: SandboxCharacter, question: ProfileQuestion) => object,
): Record<string, object> {
  const entries = question.profile.liveCharacters.map(
    (character) => [character.characterId, make(character, question)] as const,
  );
  return Object.fromEntries(entries);
}

function profileComponent({ profile, life }: ProfileQuestion): object {
  return {
    userInfo: userInfoCard(profile),
    dateLastPlayed: new Date(life.lastPlayedMs).toISOString(),
    versionsOwned: 2_047,
    characterIds: profile.liveCharacters.map(({ characterId }) => characterId),
    seasonHashes: [hashOf('season/26'), hashOf('season/27')],
    currentSeasonHash: hashOf('season/27'),
    currentSeasonRewardPowerCap: 2_010,
    currentGuardianRank: 6,
    lifetimeHighestGuardianRank: 9,
    renewedGuardianRank: 0,
  };
}

function characterComponent(character: SandboxCharacter, { profile, life }: ProfileQuestion): object {
  const isStrange = profile.player.hasQuirk('unknown-enums') && character === profile.characters[0];
  const { characterId, classType, share } = character;
  const draw = mixed32(Number(characterId.slice(-9)));
  const light = 1_950 + (draw % 60);
  return {
    membershipId: profile.membershipId,
    membershipType: profile.membership.type,
    characterId,
    dateLastPlayed: new Date(life.lastPlayedMs - (share < 0.5 ? 86_400_000 : 0)).toISOString(),
    // 64-bit numbers, which is why they come as text.
    minutesPlayedThisSession: String(share < 0.5 ? 0 : life.sessionMinutes),
    minutesPlayedTotal: String(Math.floor(life.minutesPlayed * share)),
    light,
    stats: { [POWER]: light },
    raceHash: hashOf(`race/${draw % 3}`),
    genderHash: hashOf(`gender/${draw % 2}`),
    classHash: hashOf(`class/${classType}`),
    raceType: draw % 3,
    classType: isStrange ? 7 : classType,
    genderType: draw % 2,
    emblemPath: iconOf(`emblem/${characterId}`),
    emblemBackgroundPath: iconOf(`emblem-background/${characterId}`),
    emblemHash: hashOf(`emblem/${characterId}`),
    emblemColor: { red: 20, green: 40, blue: 60, alpha: 255 },
    levelProgression: {
      progressionHash: 1_716_568_313,
      dailyProgress: 0,
      dailyLimit: 0,
      weeklyProgress: 0,
      weeklyLimit: 0,
      currentProgress: 0,
      level: 50,
      levelCap: 50,
      stepIndex: 50,
      progressToNextLevel: 0,
      nextLevelAt: 0,
    },
    baseCharacterLevel: 50,
    percentToNextLevel: 0,
  };
}

/** Nothing of the game's progressions is played here but their frame. */
function progressionsOf(): object {
  return { progressions: {}, factions: {}, milestones: {}, quests: [], uninstancedItemObjectives: {} };
}

function recordAnswers(question: ProfileQuestion): object {
  const { profile, life, otherRecords, isOwner } = question;
  const privacy = profile.player.isPrivate ? PRIVATE : PUBLIC;
  if (privacy === PRIVATE && !isOwner) return { profileRecords: { privacy }, characterRecords: { privacy } };
  const roots = { recordCategoriesRootNodeHash: RECORDS_ROOT, recordSealsRootNodeHash: SEALS_ROOT };
  const records = profileRecords(profile, life, otherRecords);
  const scores = { score: 0, activeScore: 0, legacyScore: 0, lifetimeScore: 0 };
  return {
    profileRecords: { data: { ...scores, records, ...roots }, privacy },
    characterRecords: {
      data: byCharacter(question, (character) => ({
        featuredRecordHashes: [],
        records: characterRecords(profile, life, character),
        ...roots,
      })),
      privacy,
    },
  };
}

function craftablesOf({ weapons }: ProfileQuestion): object {
  const craftables = weapons.legendaries
    .filter(({ isCraftable }) => isCraftable)
    .map(({ itemHash }, index) => {
      const failed = index % 2 === 0 ? [] : [0];
      return [itemHash, { visible: true, failedRequirementIndexes: failed, sockets: [] }] as const;
    });
  return { craftables: Object.fromEntries(craftables), craftingRootNodeHash: CRAFTING_ROOT };
}

function itemAnswers(question: ProfileQuestion): object {
  const { profile, components, isOwner, life } = question;
  const wanted = [102, 201, 205, 300, 304, 305, 309, 310].filter((number) => components.has(number));
  if (wanted.length === 0) return {};
  const items = placedItems(profile, life);
  const mayWear = isOwner || !profile.player.isPrivate;
  const inBags = items.filter(({ place }) => place === 'inventory' || place === 'postmaster');
  const bags = (some: readonly PlacedItem[]): object =>
    byCharacter(question, ({ characterId }) => ({
      items: some.filter((item) => item.characterId === characterId).map(itemComponent),
    }));
  const vault = items.filter(({ place }) => place === 'vault').map(itemComponent);
  const worn = items.filter(({ place }) => place === 'equipped');
  const wornPrivacy = profile.player.isPrivate ? PRIVATE : PUBLIC;
  return {
    ...(components.has(102) && {
      profileInventory: {
        ...(isOwner && { data: { items: [...vault, STACK_OF_GLIMMER] } }),
        privacy: PRIVATE,
      },
    }),
    ...(components.has(201) && {
      characterInventories: { ...(isOwner && { data: bags(inBags) }), privacy: PRIVATE },
    }),
    ...(components.has(205) && {
      characterEquipment: { ...(mayWear && { data: bags(worn) }), privacy: wornPrivacy },
    }),
    ...instanceAnswers(question, itemsTold(question, items, worn)),
  };
}

/** Details come of those items alone whose list was asked for and may be seen. */
function itemsTold(
  { components, isOwner, profile }: ProfileQuestion,
  items: readonly PlacedItem[],
  worn: readonly PlacedItem[],
): readonly PlacedItem[] {
  if (!isOwner) return components.has(205) && !profile.player.isPrivate ? worn : [];
  return items.filter(({ place }) =>
    components.has(place === 'vault' ? 102 : place === 'equipped' ? 205 : 201),
  );
}

function instanceAnswers({ components, weapons }: ProfileQuestion, items: readonly PlacedItem[]): object {
  const bonusOf = (plugHash: number) => weapons.plugs.get(plugHash)?.stats ?? [];
  const kinds: readonly (readonly [number, string, (item: PlacedItem) => object])[] = [
    [300, 'instances', instanceOf],
    [304, 'stats', (item) => statsOf(item, bonusOf)],
    [305, 'sockets', socketsOf],
    [309, 'plugObjectives', plugObjectivesOf],
    [310, 'reusablePlugs', reusablePlugsOf],
  ];
  const asked = kinds.filter(([number]) => components.has(number));
  if (asked.length === 0) return {};
  const answers = asked.map(([, name, make]) => {
    const told = Object.fromEntries(items.map((item) => [item.itemInstanceId, make(item)]));
    return [name, { data: told, privacy: PRIVATE }] as const;
  });
  return { itemComponents: Object.fromEntries(answers) };
}
