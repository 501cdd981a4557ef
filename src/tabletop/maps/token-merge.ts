import type { SceneToken, TokenPlace } from './foundry-scene.js';

// Tokens are moved here and in Foundry. Of what was changed on both sides since they last agreed, neither overwrites the other unasked.
// They agreed on the newest version that the scene carries (we wrote it out) or that came in from there; a change made here after that is
// what a scene does not know yet.

export interface KnownToken extends TokenPlace {
  readonly id: string;
  /** Foundry's id. */
  readonly foreignId: string;
  /** Version of the last change that was made here. */
  readonly localVersion: number;
  /** Version that the last change from Foundry made; 0 = none came. */
  readonly importedVersion: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

export const TOKEN_PREFERENCES = ['neither', 'here', 'foundry'] as const;
/** Who wins where both sides changed a token: nobody (it is reported), or one of them. */
export type TokenPreference = (typeof TOKEN_PREFERENCES)[number];

export interface TokenMerge {
  readonly added: readonly SceneToken[];
  readonly changed: readonly { readonly known: KnownToken; readonly next: SceneToken }[];
  readonly unchanged: readonly KnownToken[];
  /** Changed on both sides, and left as they are here. */
  readonly conflicts: readonly { readonly known: KnownToken; readonly next: SceneToken }[];
  /** Known here, not in the scene. */
  readonly missing: readonly KnownToken[];
}

const PLACE_FIELDS = [
  'name',
  'x',
  'y',
  'width',
  'height',
  'elevation',
  'rotationDeg',
  'isHidden',
] as const satisfies readonly (keyof TokenPlace)[];
/** Cells within which two places are the same: pixels are told to a thousandth. */
const SAME_CELLS = 1e-3;

export function mergeTokens(
  known: readonly KnownToken[],
  scene: readonly SceneToken[],
  preference: TokenPreference = 'neither',
): TokenMerge {
  const merge = {
    added: [] as SceneToken[],
    changed: [] as { known: KnownToken; next: SceneToken }[],
    unchanged: [] as KnownToken[],
    conflicts: [] as { known: KnownToken; next: SceneToken }[],
  };
  const byForeign = new Map(known.map((token) => [token.foreignId, token]));
  const byOwn = new Map(known.map((token) => [token.id, token]));
  const met = new Set<string>(
    scene.flatMap(({ foreignId }) => {
      const token = byForeign.get(foreignId);
      return token === undefined ? [] : [token.id];
    }),
  );
  for (const next of scene) {
    let ours = byForeign.get(next.foreignId);
    // A copy that was made in Foundry carries the flags of its original, and may stand before it: our id is asked where Foundry's tells nothing.
    if (ours === undefined && next.ownId !== null && !met.has(next.ownId)) ours = byOwn.get(next.ownId);
    if (ours === undefined) {
      merge.added.push(next);
      continue;
    }
    met.add(ours.id);
    if (isSame(ours, next)) merge.unchanged.push(ours);
    else if (!isConflict(ours, next) || preference === 'foundry') merge.changed.push({ known: ours, next });
    else if (preference === 'here') merge.unchanged.push(ours);
    else merge.conflicts.push({ known: ours, next });
  }
  return { ...merge, missing: known.filter(({ id }) => !met.has(id)) };
}

function isConflict(known: KnownToken, next: SceneToken): boolean {
  return known.localVersion > Math.max(next.ownVersion, known.importedVersion);
}

function isSame(known: KnownToken, next: SceneToken): boolean {
  const isPlaced = PLACE_FIELDS.every((field) => {
    const [one, other] = [known[field], next[field]];
    return typeof one === 'number' && typeof other === 'number'
      ? Math.abs(one - other) < SAME_CELLS
      : one === other;
  });
  return isPlaced && sorted(known.extra) === sorted(next.extra);
}

/** The database keeps no order of keys. What came in nests only as deep as the reader lets it. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
