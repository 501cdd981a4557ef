import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { readScene, type ReadScene, type SceneToken, writeToken } from './foundry-scene.js';
import { type KnownToken, mergeTokens, TOKEN_PREFERENCES } from './token-merge.js';

const ID = fc.stringMatching(/^[A-Za-z0-9]{16}$/);
const TAKEN = ['_id', 'name', 'x', 'y', 'width', 'height', 'elevation', 'rotation', 'hidden', 'flags'];
const EXTRA = fc.dictionary(
  fc.stringMatching(/^[a-zA-Z]{1,8}$/).filter((key) => !TAKEN.includes(key)),
  fc.jsonValue({ maxDepth: 3 }).filter((value) => !/\\u0000|\\ud/i.test(JSON.stringify(value))),
  { maxKeys: 4 },
);
const TOKEN = fc
  .record({
    _id: ID,
    name: fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,20}$/),
    x: fc.integer({ min: -5_000, max: 20_000 }),
    y: fc.integer({ min: -5_000, max: 20_000 }),
    width: fc.constantFrom(0.5, 1, 2, 3),
    height: fc.constantFrom(0.5, 1, 2, 3),
    elevation: fc.integer({ min: -50, max: 300 }),
    rotation: fc.integer({ min: 0, max: 359 }),
    hidden: fc.boolean(),
    flags: fc.constantFrom({}, { dnd5e: { isCopy: true } }),
  })
  .chain((token) => EXTRA.map((extra) => ({ ...extra, ...token })));
const SCENE = fc.record({
  grid: fc.record({ size: fc.integer({ min: 50, max: 200 }), units: fc.constant('ft') }),
  padding: fc.constantFrom(0, 0.1, 0.25),
  width: fc.integer({ min: 500, max: 4_000 }),
  height: fc.integer({ min: 500, max: 4_000 }),
  background: fc.record({ offsetX: fc.integer({ min: -40, max: 40 }), offsetY: fc.constant(0) }),
  tokens: fc.uniqueArray(TOKEN, { maxLength: 6, selector: ({ _id }) => _id }),
});

function sceneOf(value: unknown): ReadScene {
  const read = readScene(value);
  if ('fault' in read) throw new Error(read.fault);
  return read;
}

/** As the database has it once it came in. */
const stored = (token: SceneToken, change: Partial<KnownToken> = {}): KnownToken => ({
  ...token,
  extra: JSON.parse(JSON.stringify(token.extra)) as Record<string, unknown>,
  id: randomUUID(),
  localVersion: 0,
  importedVersion: 1,
  ...change,
});
const A_TOKEN = { _id: 'abcdefgh12345678', name: 'Goblin', x: 325, y: 200, width: 1, height: 1 };
const aScene = (...tokens: unknown[]) => ({
  grid: { size: 100 },
  padding: 0.25,
  width: 1_010,
  height: 700,
  tokens,
});

describe('a Foundry scene', () => {
  it('comes back as it was, with our id and version beside', () => {
    fc.assert(
      fc.property(SCENE, (scene) => {
        const { grid, tokens, notes } = sceneOf(scene);
        expect(notes).toEqual([]);
        const written = tokens.map((token) => writeToken({ ...stored(token), version: 3 }, grid));
        expect(
          written.map(({ flags, ...token }) => {
            const { guildhall, ...others } = flags as Record<string, unknown>;
            expect(guildhall).toMatchObject({ version: 3 });
            return { ...token, flags: others };
          }),
        ).toEqual(scene.tokens);
      }),
    );
  });

  it('places tokens in cells of the picture, behind the margin', () => {
    const { tokens } = sceneOf(aScene(A_TOKEN));
    // The margins are 252.5 and 175 pixels, rounded up to whole cells.
    expect(tokens[0]).toMatchObject({ x: 0.25, y: 0, width: 1, isHidden: false, elevation: 0 });
    const old = sceneOf({ ...aScene(A_TOKEN), grid: 100, shiftX: 50 });
    expect(old.tokens[0]).toMatchObject({ x: 0.75 });
  });

  it('leaves out single tokens that make no sense, and says which', () => {
    const deep = {
      ...A_TOKEN,
      _id: 'abcdefgh12345679',
      delta: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown,
    };
    const large = { ...A_TOKEN, _id: 'abcdefgh12345670', delta: 'x'.repeat(70_000) };
    const read = sceneOf(
      aScene(A_TOKEN, A_TOKEN, { ...A_TOKEN, _id: 'x' }, { _id: A_TOKEN._id }, 7, deep, large),
    );
    expect(read.tokens).toHaveLength(1);
    expect(read.notes).toHaveLength(6);
  });

  it('is refused as a whole where it is none', () => {
    for (const none of [
      null,
      7,
      [],
      {},
      { tokens: [] },
      { grid: { size: 0 }, tokens: [] },
      { grid: 100, tokens: {} },
    ])
      expect(readScene(none)).toMatchObject({ fault: expect.any(String) });
    expect(readScene(aScene(...Array.from({ length: 2_001 }, () => A_TOKEN)))).toMatchObject({
      fault: expect.stringContaining('2000'),
    });
  });
});

describe('tokens of both sides', () => {
  it('are each in exactly one list, and all the same where nobody changed anything', () => {
    fc.assert(
      fc.property(SCENE, fc.constantFrom(...TOKEN_PREFERENCES), (scene, preference) => {
        const { tokens } = sceneOf(scene);
        const merge = mergeTokens(
          tokens.map((token) => stored(token, { localVersion: 9 })),
          tokens,
          preference,
        );
        expect(merge).toMatchObject({ added: [], changed: [], conflicts: [], missing: [] });
        expect(merge.unchanged).toHaveLength(tokens.length);
        const fresh = mergeTokens([], tokens, preference);
        expect(fresh.added).toEqual(tokens);
      }),
    );
  });

  const [token] = sceneOf(aScene(A_TOKEN)).tokens as [SceneToken];
  const moved: SceneToken = { ...token, x: token.x + 2 };
  const mergeOne = (known: Partial<KnownToken>, next: SceneToken, preference?: 'here' | 'foundry') =>
    mergeTokens([stored(token, known)], [next], preference);

  it('follow Foundry where nothing was changed here since they agreed', () => {
    expect(mergeOne({}, moved).changed).toHaveLength(1);
    // Written out at 5, changed there, taken in as 6, changed there again.
    expect(
      mergeOne({ localVersion: 5, importedVersion: 0 }, { ...moved, ownVersion: 5 }).changed,
    ).toHaveLength(1);
    expect(
      mergeOne({ localVersion: 5, importedVersion: 6 }, { ...moved, ownVersion: 5 }).changed,
    ).toHaveLength(1);
  });

  it('stay and are reported where both sides changed, unless one is preferred', () => {
    const known = { localVersion: 7, importedVersion: 6 };
    const old = { ...moved, ownVersion: 5 };
    expect(mergeOne(known, old)).toMatchObject({ changed: [], conflicts: [{ next: { x: moved.x } }] });
    expect(mergeOne(known, old, 'here')).toMatchObject({ changed: [], conflicts: [], unchanged: [{}] });
    expect(mergeOne(known, old, 'foundry')).toMatchObject({ changed: [{}], conflicts: [] });
    expect(mergeOne(known, { ...moved, ownVersion: 7 }).conflicts).toEqual([]);
  });

  it('are known by our id where Foundry gave another; a copy made there is a token of its own', () => {
    const id = randomUUID();
    const copy = (foreignId: string): SceneToken => ({ ...token, foreignId, ownId: id, ownVersion: 1 });
    const known = stored(token, { id, foreignId: 'zzzzzzzzzzzzzzzz' });
    const merge = mergeTokens([known], [copy('aaaaaaaaaaaaaaaa'), copy('bbbbbbbbbbbbbbbb')]);
    expect(merge.unchanged).toHaveLength(1);
    expect(merge.added.map(({ foreignId }) => foreignId)).toEqual(['bbbbbbbbbbbbbbbb']);
  });

  it('stay themselves in whatever order copies of them stand, and take no id that another one has', () => {
    const arrangement = fc
      .record({ originals: fc.integer({ min: 1, max: 4 }), copies: fc.array(fc.nat(3), { maxLength: 4 }) })
      .chain(({ originals, copies }) => {
        const known = Array.from({ length: originals }, (_, at) =>
          stored(token, { id: randomUUID(), foreignId: `original${at}` }),
        );
        const copied = copies.map((of, at) => ({ foreignId: `copy${at}`, of: known[of % originals]! }));
        const all = [...known.map((of) => ({ foreignId: of.foreignId, of })), ...copied].map(
          ({ foreignId, of }): SceneToken => ({ ...token, foreignId, ownId: of.id, ownVersion: 1 }),
        );
        return fc.record({
          known: fc.constant(known),
          scene: fc.shuffledSubarray(all, { minLength: all.length }),
        });
      });
    fc.assert(
      fc.property(arrangement, ({ known, scene }) => {
        const merge = mergeTokens(known, scene);
        expect(merge.unchanged.map(({ id }) => id).sort()).toEqual(known.map(({ id }) => id).sort());
        expect(merge.added.every(({ foreignId }) => foreignId.startsWith('copy'))).toBe(true);
      }),
    );
  });

  it('that the scene does not have are told, and nothing more', () => {
    expect(mergeTokens([stored(token)], [])).toMatchObject({ missing: [{ foreignId: token.foreignId }] });
  });
});
