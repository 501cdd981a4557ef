import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ALL_COMPONENTS, at, BungieTrial, type Tree } from '../../../test/support/bungie-trial.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { BUCKETS } from './game-words.js';
import { type PlayerOptions, QUIRKS, type RecordAnswer } from './sandbox-player.js';

const ME = '/Platform/User/GetMembershipsForCurrentUser/';
const SHARED = resolve(packageRoot(), '../shared/data/destiny');
const SAMPLE = join(SHARED, 'profile_records_sample.json');

let trial: BungieTrial;
const open = async (...players: PlayerOptions[]): Promise<BungieTrial> => {
  trial = await BungieTrial.open({ players });
  return trial;
};

afterEach(() => trial.close());

const responseOf = async (path: string, token?: string): Promise<Tree> => {
  const { body } = await trial.get(path, token);
  expect(body['ErrorCode']).toBe(1);
  return body['Response'] as Tree;
};
const profileOf = async (name: string, components = ALL_COMPONENTS): Promise<Tree> => {
  const { access } = await trial.signIn(name);
  return responseOf(trial.profilePath(name, components), access);
};
const linkedOf = (name: string, more = ''): Promise<Tree> =>
  responseOf(
    `/Platform/Destiny2/254/Profile/${trial.sandbox.player(name).bungieMembershipId}/LinkedProfiles/${more}`,
  );

describe('memberships', () => {
  it('with cross-save: one stands for all, the others say so and have no profile', async () => {
    await open({ name: 'grace', memberships: [{ type: 1 }, { type: 3 }, { type: 2 }], crossSave: 3 });
    const { access } = await trial.signIn('grace');
    const { destinyMemberships, primaryMembershipId } = await responseOf(ME, access);
    const [xbox, steam, playstation] = trial.sandbox.player('grace').profiles;
    expect(primaryMembershipId).toBe(steam!.membershipId);
    expect(destinyMemberships).toMatchObject([
      { membershipType: 1, crossSaveOverride: 3, applicableMembershipTypes: [] },
      { membershipType: 3, crossSaveOverride: 3, applicableMembershipTypes: [3, 1, 2] },
      { membershipType: 2, crossSaveOverride: 3, applicableMembershipTypes: [] },
    ]);
    for (const { membership, membershipId } of [xbox!, playstation!]) {
      const path = `/Platform/Destiny2/${membership.type}/Profile/${membershipId}/?components=100`;
      expect((await trial.get(path, access)).body['ErrorCode']).toBe(1_601);
    }
    expect((await linkedOf('grace'))['profiles']).toMatchObject([
      { membershipType: 3, isCrossSavePrimary: true },
    ]);
    expect((await linkedOf('grace', '?getAllMemberships=true'))['profiles']).toHaveLength(3);
  });

  it('without: each has a profile of its own, but those that are overridden or in error', async () => {
    const memberships = [
      { type: 6 },
      { type: 2 },
      { type: 1, isOverridden: true },
      { type: 5, errorCode: 1_670 },
    ];
    await open({ name: 'linus', memberships });
    const { access } = await trial.signIn('linus');
    const { destinyMemberships, primaryMembershipId } = await responseOf(ME, access);
    expect(primaryMembershipId).toBeUndefined();
    expect(destinyMemberships).toMatchObject([
      { crossSaveOverride: 0, applicableMembershipTypes: [6] },
      { crossSaveOverride: 0, applicableMembershipTypes: [2] },
      { crossSaveOverride: 6, applicableMembershipTypes: [] },
      { membershipType: 5 },
    ]);
    const { profiles, profilesWithErrors } = await linkedOf('linus');
    expect(profiles).toMatchObject([{ membershipType: 6 }, { membershipType: 2 }]);
    expect(profilesWithErrors).toMatchObject([{ errorCode: 1_670, infoCard: { membershipType: 5 } }]);
    const records = [];
    for (const { membership, membershipId } of trial.sandbox.player('linus').profiles.slice(0, 2)) {
      const path = `/Platform/Destiny2/${membership.type}/Profile/${membershipId}/?components=900`;
      records.push(at(await responseOf(path, access), 'profileRecords.data.records'));
    }
    expect(records[0]).not.toEqual(records[1]);
    const elsewhere = trial.profilePath('linus').replace('/6/', '/3/');
    expect((await trial.get(elsewhere, access)).body['ErrorCode']).toBe(1_601);
  });

  it('none, for who has never played Destiny', async () => {
    await open({ name: 'nobody', hasNoDestiny: true });
    const { access } = await trial.signIn('nobody');
    expect((await responseOf(ME, access))['destinyMemberships']).toEqual([]);
    expect((await linkedOf('nobody'))['profiles']).toEqual([]);
    const path = '/Platform/Destiny2/3/Profile/4611686018999999999/?components=100';
    expect((await trial.get(path, access)).body).toMatchObject({
      ErrorCode: 1_601,
      ErrorStatus: 'DestinyAccountNotFound',
    });
  });
});

describe('privacy', () => {
  const shownOf = (response: Tree) =>
    Object.fromEntries(
      ['profile', 'characters', 'profileRecords', 'characterRecords', 'characterEquipment'].map((name) => [
        name,
        { isShown: at(response, `${name}.data`) !== undefined, privacy: at(response, `${name}.privacy`) },
      ]),
    );

  it('hides vault and bags from everybody else, records and equipment where the player wants it', async () => {
    await open({ name: 'ada' }, { name: 'shy', isPrivate: true });
    const { access } = await trial.signIn('ada');
    for (const name of ['ada', 'shy']) {
      const own = await profileOf(name);
      const others = await responseOf(trial.profilePath(name), name === 'ada' ? undefined : access);
      for (const component of ['profileInventory', 'characterInventories']) {
        expect(at(own, component)).toMatchObject({ privacy: 2, data: expect.anything() });
        expect(at(others, component)).toEqual({ privacy: 2 });
      }
      const privacy = name === 'shy' ? 2 : 1;
      const isShown = name === 'ada';
      expect(shownOf(own)['profileRecords']).toEqual({ isShown: true, privacy });
      expect(shownOf(others)).toEqual({
        profile: { isShown: true, privacy: 1 },
        characters: { isShown: true, privacy: 1 },
        profileRecords: { isShown, privacy },
        characterRecords: { isShown, privacy },
        characterEquipment: { isShown, privacy },
      });
      const told = Object.keys(at(others, 'itemComponents.instances.data'));
      expect(told.length > 0).toBe(isShown);
      const bags = JSON.stringify(at(own, 'profileInventory.data'));
      for (const id of told) expect(bags).not.toContain(id);
    }
  });
});

describe('items', () => {
  it('lie in one place each, at most one exotic weapon is worn, and every detail has its item', async () => {
    await open({ name: 'ada' });
    const { weapons } = trial.sandbox;
    for (let week = 0; week < 10; week += 1) {
      trial.sandbox.advance(7 * 86_400_000);
      const profile = await profileOf('ada');
      const listed = (path: string): Tree[] => {
        const characters = Object.values(at<Tree>(profile, `${path}.data`));
        return characters.flatMap((one) => at<Tree[]>(one, 'items'));
      };
      const worn = listed('characterEquipment');
      const vault = at<Tree[]>(profile, 'profileInventory.data.items').filter(
        (one) => 'itemInstanceId' in one,
      );
      const all = [...worn, ...listed('characterInventories'), ...vault];
      const ids = all.map((one) => String(one['itemInstanceId']));
      expect(new Set(ids).size).toBe(ids.length);
      for (const kind of ['instances', 'stats', 'sockets', 'plugObjectives', 'reusablePlugs'])
        expect(Object.keys(at(profile, `itemComponents.${kind}.data`)).sort()).toEqual([...ids].sort());
      const exotic = worn.filter((one) => weapons.exotics.has(Number(one['itemHash'])));
      expect(exotic.length).toBeLessThanOrEqual(1);
      expect(worn).toHaveLength(9);
      const slots = worn.map((one) => one['bucketHash']);
      expect(new Set(slots)).toEqual(new Set([BUCKETS.kinetic, BUCKETS.energy, BUCKETS.power]));
      for (const id of ids) {
        const isWorn = worn.some((one) => one['itemInstanceId'] === id);
        expect(at(profile, `itemComponents.instances.data.${id}.isEquipped`)).toBe(isWorn);
      }
      expect(all.filter((one) => one['location'] === 4).length).toBeGreaterThan(0);
      checkPlugs(profile, all);
    }
  });

  /** What is chosen is among the choices, and all of it is what the weapon can have. */
  function checkPlugs(profile: Tree, items: readonly Tree[]): void {
    let doubles = 0;
    for (const { itemInstanceId, itemHash } of items) {
      const { sockets } = trial.sandbox.weapons.weapons.find((one) => one.itemHash === itemHash)!;
      const chosen = at<Tree[]>(profile, `itemComponents.sockets.data.${String(itemInstanceId)}.sockets`);
      expect(chosen).toHaveLength(sockets.length);
      const choices = at<Tree>(profile, `itemComponents.reusablePlugs.data.${String(itemInstanceId)}.plugs`);
      for (const [index, plugs] of Object.entries(choices)) {
        const hashes = (plugs as Tree[]).map((plug) => plug['plugItemHash']);
        expect(hashes).toContain(chosen[Number(index)]!['plugHash']);
        for (const hash of hashes) expect(sockets[Number(index)]!.pool).toContain(hash);
        if (hashes.length > 1) doubles += 1;
      }
    }
    expect(doubles).toBeGreaterThan(10);
  }
});

describe('odd players', () => {
  it('have what is asked for, and nothing of it without', async () => {
    await open({ name: 'plain', seed: 5 }, { name: 'odd', seed: 5, quirks: QUIRKS });
    const [plain, odd] = [await profileOf('plain'), await profileOf('odd')];
    const records = (tree: Tree): RecordAnswer[] => {
      const found = trial.sandbox
        .player('odd')
        .profile.life.catalysts.map(({ catalyst }) => catalyst.recordHash);
      const character = at<Tree>(tree, 'characterRecords.data');
      const first = Object.values(character)[0];
      return found.map(
        (hash) => at(tree, `profileRecords.data.records.${hash}`) ?? at(first, `records.${hash}`),
      );
    };
    const [was, is] = [records(plain), records(odd)];
    expect(was.every((record) => record !== undefined)).toBe(true);
    expect(is[0]).toBeUndefined();
    const [above] = is[1]!.objectives!;
    expect(above!.progress!).toBeGreaterThan(above!.completionValue);
    expect(above!.complete).toBe(false);
    const below = is[2]!.objectives!.at(-1)!;
    expect(below.complete && below.progress! < below.completionValue).toBe(true);
    expect(is[2]!.state).toBe(1);
    expect(is[3]!.objectives!.every(({ progress }) => progress === null)).toBe(true);
    expect(is[4]!.state & 4_096).toBe(4_096);
    expect(was[4]!.state & 4_096).toBe(0);
    expect(is.slice(5)).toEqual(was.slice(5));
    expect(JSON.stringify(at(odd, 'itemComponents.instances'))).toContain('"damageType":99');
    expect(Object.keys(at(plain, 'characters.data'))).toHaveLength(3);
    const gone = trial.sandbox.player('odd').profile.characters[1]!.characterId;
    expect(JSON.stringify(odd)).not.toContain(gone);
  });

  it('may lose a character and get a record by hand while they are watched', async () => {
    await open({ name: 'ada', isIdle: true });
    const { profile } = trial.sandbox.player('ada');
    const hash = 15_917_031;
    const record = { state: 4, objectives: [], intervalsRedeemedCount: 0 };
    profile.records.set(hash, record);
    expect(at(await profileOf('ada'), `profileRecords.data.records.${hash}`)).toEqual(record);
    profile.records.set(hash, 'absent');
    profile.characters[2]!.isDeleted = true;
    const after = await profileOf('ada');
    expect(at(after, `profileRecords.data.records.${hash}`)).toBeUndefined();
    expect(at(after, 'profile.data.characterIds')).toHaveLength(2);
  });
});

(existsSync(SAMPLE) ? describe : describe.skip)('a recorded player (needs ../shared/data/destiny)', () => {
  it('is answered record by record as recorded', async () => {
    const { Response: recorded } = JSON.parse(readFileSync(SAMPLE, 'utf8')) as { Response: Tree };
    const profileRecords = at<Record<string, RecordAnswer>>(recorded, 'profileRecords.data.records');
    const id = at<string>(recorded, 'profile.data.userInfo.membershipId');
    const characterIds = at<string[]>(recorded, 'profile.data.characterIds');
    await open({ name: 'real', memberships: [{ type: 3, id }], characterIds, profileRecords });
    const answer = await profileOf('real');
    expect(at(answer, 'profileRecords.data.records')).toEqual(profileRecords);
    expect(at(answer, 'profile.data')).toMatchObject({ characterIds, userInfo: { membershipId: id } });
  });
});
