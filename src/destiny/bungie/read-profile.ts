import {
  bitsOf,
  hashOf,
  hashOfKey,
  idOf,
  instantOf,
  int32Of,
  isObject,
  type JsonObject,
  listOf,
  objectOf,
} from './answer-fields.js';
import { malformed } from './bungie-fault.js';
import type {
  CharacterSnapshot,
  ComponentState,
  ObjectiveSnapshot,
  ProfileSnapshot,
  RecordSnapshot,
} from './profile-snapshot.js';
import { readItems } from './read-items.js';

// The answer of GetProfile, which may be any JSON, as a snapshot. A component of another shape than Bungie's makes the whole answer
// malformed: half a profile must not pass for one whose other half is gone. A single record or item that cannot be read is left out,
// since enumerations and fields grow with every season. Written by hand: a schema of thousands of records and items takes three times as long.

export interface AskedProfile {
  readonly membershipType: number;
  readonly membershipId: string;
  /** Unix milliseconds: minted when it came, where the answer does not say when, and never later. */
  readonly receivedAtMs: number;
}

/** How far ahead of ours Bungie's clock may be; an instant of a far future would make all later answers look old. */
const MOST_AHEAD_MS = 300_000;

/** @throws BungieFault malformed, also for another player's profile */
export function readProfile(response: unknown, asked: AskedProfile): ProfileSnapshot {
  const answer = objectOf(response, 'profile');
  const mintedAtMs = mintedOf(answer['responseMintedTimestamp'], asked) ?? asked.receivedAtMs;
  const profile = componentOf(answer, 'profile');
  const characters = componentOf(answer, 'characters');
  const profileRecords = componentOf(answer, 'profileRecords');
  const characterRecords = componentOf(answer, 'characterRecords');
  const vault = componentOf(answer, 'profileInventory');
  const bags = componentOf(answer, 'characterInventories');
  const equipment = componentOf(answer, 'characterEquipment');
  if (profile.data !== null) assertAsked(profile.data['userInfo'], asked);
  const sets = componentSets(answer['itemComponents']);
  const readCharacters = charactersOf(characters.data, asked);
  const items = readItems({
    equipment: equipment.data,
    bags: bags.data,
    vault: vault.data,
    components: {
      instances: sets.instances.data ?? {},
      stats: sets.stats.data ?? {},
      sockets: sets.sockets.data ?? {},
      reusablePlugs: sets.reusablePlugs.data ?? {},
    },
  });
  return {
    membershipType: asked.membershipType,
    membershipId: asked.membershipId,
    mintedAtMs,
    recordsMintedAtMs: mintedOf(answer['secondaryComponentsMintedTimestamp'], asked) ?? mintedAtMs,
    lastPlayedAtMs: lastPlayed(profile.data, readCharacters),
    characters: readCharacters,
    records: profileRecords.state,
    profileRecords:
      profileRecords.data === null ? new Map() : recordsOf(profileRecords.data, 'profileRecords'),
    characterRecords: byCharacter(characterRecords.data),
    inventory: togetherOf([vault, bags, equipment, ...(items.length === 0 ? [] : Object.values(sets))]),
    items,
  };
}

interface Component {
  readonly state: ComponentState;
  readonly data: JsonObject | null;
}

const ABSENT: Component = { state: 'absent', data: null };
const PRIVATE = 2;

/** `privacy` 2 with data is what its owner gets to see; without, what everybody else does. */
function componentOf(answer: JsonObject, name: string): Component {
  const value = answer[name];
  if (value === undefined || value === null) return ABSENT;
  const component = objectOf(value, name);
  const data = component['data'];
  if (data !== undefined && data !== null) return { state: 'present', data: objectOf(data, name) };
  return component['privacy'] === PRIVATE ? { state: 'private', data: null } : ABSENT;
}

/** What is to be taken for a whole must be there as a whole. */
function togetherOf(components: readonly Component[]): ComponentState {
  const states = components.map(({ state }) => state);
  if (states.every((state) => state === 'present')) return 'present';
  return states.includes('private') ? 'private' : 'absent';
}

function mintedOf(value: unknown, { receivedAtMs }: AskedProfile): number | undefined {
  const atMs = instantOf(value);
  return atMs === undefined ? undefined : Math.min(atMs, receivedAtMs + MOST_AHEAD_MS);
}

/** Whoever gets somebody else's profile by a fault of a cache must not take it for the own one. */
function assertAsked(card: unknown, asked: AskedProfile): void {
  const { membershipId } = objectOf(card ?? {}, 'userInfo');
  if (membershipId !== undefined && membershipId !== asked.membershipId) throw malformed('another player');
}

function charactersOf(data: JsonObject | null, asked: AskedProfile): CharacterSnapshot[] {
  if (data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const characterId = idOf(key);
    if (characterId === undefined) return [];
    const character = objectOf(value, 'characters');
    assertAsked(character, asked);
    return {
      characterId,
      classType: bitsOf(character['classType']) ?? -1,
      minutesPlayed: minutesOf(character['minutesPlayedTotal']),
      lastPlayedAtMs: instantOf(character['dateLastPlayed']) ?? null,
      power: bitsOf(character['light']) ?? null,
    };
  });
}

/** Of 64 bits, hence text. */
function minutesOf(value: unknown): number {
  return bitsOf(typeof value === 'string' ? Number(value) : value) ?? 0;
}

function lastPlayed(profile: JsonObject | null, characters: readonly CharacterSnapshot[]): number | null {
  const told = profile === null ? undefined : instantOf(profile['dateLastPlayed']);
  if (told !== undefined) return told;
  const instants = characters.flatMap(({ lastPlayedAtMs }) => lastPlayedAtMs ?? []);
  return instants.length === 0 ? null : Math.max(...instants);
}

function byCharacter(data: JsonObject | null): Map<string, Map<number, RecordSnapshot>> {
  const found = new Map<string, Map<number, RecordSnapshot>>();
  if (data === null) return found;
  for (const [key, value] of Object.entries(data)) {
    const characterId = idOf(key);
    if (characterId !== undefined)
      found.set(characterId, recordsOf(objectOf(value, 'characterRecords'), 'characterRecords'));
  }
  return found;
}

function recordsOf(data: JsonObject, place: string): Map<number, RecordSnapshot> {
  const records = objectOf(data['records'] ?? {}, place);
  const found = new Map<number, RecordSnapshot>();
  for (const key of Object.keys(records)) {
    const recordHash = hashOfKey(key);
    const record = records[key];
    if (recordHash === undefined || !isObject(record)) continue;
    const state = bitsOf(record['state']);
    if (state === undefined) continue;
    found.set(recordHash, { recordHash, state, objectives: objectivesOf(record['objectives']) });
  }
  return found;
}

const NO_OBJECTIVES: readonly ObjectiveSnapshot[] = Object.freeze([]);

function objectivesOf(value: unknown): readonly ObjectiveSnapshot[] {
  if (value === undefined || value === null) return NO_OBJECTIVES;
  const found: ObjectiveSnapshot[] = [];
  for (const objective of listOf(value, 'objectives')) {
    if (!isObject(objective)) continue;
    const objectiveHash = hashOf(objective['objectiveHash']);
    if (objectiveHash === undefined) continue;
    found.push({
      objectiveHash,
      progress: int32Of(objective['progress']) ?? null,
      completionValue: int32Of(objective['completionValue']) ?? null,
      isComplete: objective['complete'] === true,
      isVisible: objective['visible'] !== false,
    });
  }
  return found;
}

/** Those that hang on an item's instance. Without them weapons could not be told from the rest, nor a copy's perks from none. */
function componentSets(value: unknown): Readonly<Record<ItemComponent, Component>> {
  const sets = objectOf(value ?? {}, 'itemComponents');
  return {
    instances: componentOf(sets, 'instances'),
    stats: componentOf(sets, 'stats'),
    sockets: componentOf(sets, 'sockets'),
    reusablePlugs: componentOf(sets, 'reusablePlugs'),
  };
}

type ItemComponent = 'instances' | 'stats' | 'sockets' | 'reusablePlugs';
