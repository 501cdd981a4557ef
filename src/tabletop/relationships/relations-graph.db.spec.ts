import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openRelationsWorld, type RelationsWorld } from '../../../test/support/relations-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { VISIBILITIES, type Visibility } from '../objects/object-kinds.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';

// Answers of the graph, by real policies, against an oracle that knows everybody and everything and walks without any of our rules.

let units: TestUnits;
let world: RelationsWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRelationsWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });
const THEN = new Date('2026-05-01T00:00:00Z');

interface Made {
  readonly from: number;
  readonly to: number;
  readonly visibility: Visibility;
  readonly isShown: boolean;
  readonly isOld: boolean;
}

interface Drawn {
  readonly people: readonly { visibility: Visibility; isShown: boolean; isDeleted: boolean }[];
  readonly relations: readonly Made[];
}

const MOST_PEOPLE = 7;
const visibility = fc.constantFrom<Visibility>(...VISIBILITIES);
const drawn: fc.Arbitrary<Drawn> = fc.record({
  people: fc.array(fc.record({ visibility, isShown: fc.boolean(), isDeleted: fc.boolean() }), {
    minLength: 3,
    maxLength: MOST_PEOPLE,
  }),
  relations: fc.array(
    fc.record({
      from: fc.nat(MOST_PEOPLE - 1),
      to: fc.nat(MOST_PEOPLE - 1),
      visibility: fc.constantFrom<Visibility>('party', 'gm', 'members', 'party'),
      isShown: fc.boolean(),
      isOld: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
});

/** Lengths of all shortest ways of the caller, by repeated squaring of what is next to what. */
function farOf(count: number, edges: readonly (readonly [number, number])[]): number[][] {
  const far = Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (_to, to) => (from === to ? 0 : Infinity)),
  );
  for (const [from, to] of edges) far[from]![to] = far[to]![from] = 1;
  for (let round = 0; round < count; round += 1)
    for (let from = 0; from < count; from += 1)
      for (let to = 0; to < count; to += 1)
        for (let over = 0; over < count; over += 1)
          far[from]![to] = Math.min(far[from]![to]!, far[from]![over]! + far[over]![to]!);
  return far;
}

describe('the graph of relations', () => {
  it('answers what the oracle knows of those whom a caller sees, now and as of an earlier day, and names nobody else', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    await fc.assert(
      fc.asyncProperty(drawn, async ({ people, relations }) => {
        const ids = await Promise.all(
          people.map((person) =>
            world.aCharacterRow(campaignId, {
              visibility: person.visibility,
              shownTo: person.isShown ? [player.id] : [],
              isDeleted: person.isDeleted,
            }),
          ),
        );
        const sound = relations.filter(({ from, to }) => from !== to && from < ids.length && to < ids.length);
        for (const relation of sound)
          await world.aRelationRow(campaignId, ids[relation.from]!, ids[relation.to]!, {
            visibility: relation.visibility,
            shownTo: relation.isShown ? [player.id] : [],
            happenedAt: relation.isOld ? new Date(THEN.getTime() - 1) : new Date(THEN.getTime() + 1),
          });
        for (const caller of [master, player])
          for (const at of [null, THEN]) {
            const isGm = caller === master;
            const isSeen = (one: { visibility: Visibility; isShown: boolean }): boolean =>
              isGm || one.isShown || one.visibility === 'party' || one.visibility === 'public';
            const isThere = (index: number): boolean => !people[index]!.isDeleted && isSeen(people[index]!);
            const edges = sound
              .filter(
                (one) => isSeen(one) && (at === null || one.isOld) && isThere(one.from) && isThere(one.to),
              )
              .map(({ from, to }) => [from, to] as const);
            await expectAnswers(
              caller,
              campaignId,
              ids,
              ids.map((_, index) => isThere(index)),
              farOf(ids.length, edges),
              at,
            );
          }
      }),
      { numRuns: 12 },
    );
  });

  it('ends on a circle of 10,000, whichever way is asked for', async () => {
    const { master, campaignId } = await world.aCampaign();
    const ids = await world.aCircle(campaignId, 10_000);
    const half = await world.graph.path(master, campaignId, ids[0]!, ids[5_000]!, null);
    expect(half.nodes).toHaveLength(5_001);
    expect(half.edges).toHaveLength(5_000);
    const near = await world.graph.near(master, ids[0]!, 6, 5_000, null);
    expect(near.nodes.map(({ hops }) => hops)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    const cut = await world.graph.near(master, ids[0]!, 6, 4, null);
    expect([cut.nodes.length, cut.isCut]).toEqual([4, true]);
    const mutual = await world.graph.mutual(master, campaignId, ids[0]!, ids[2]!, null);
    expect(mutual.nodes.map(({ id }) => id)).toEqual([ids[1]]);
    expect(mutual.edges).toHaveLength(2);
  });

  it('tells strangers, and members of what is hidden from them, that there is no such thing', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const stranger = world.aStranger();
    const [seen, hidden] = [
      await world.aCharacterRow(campaignId, { visibility: 'party' }),
      await world.aCharacterRow(campaignId, { visibility: 'gm' }),
    ];
    await world.aRelationRow(campaignId, seen, hidden, { visibility: 'party' });
    const other = await world.aCampaign();
    const elsewhere = await world.aCharacterRow(other.campaignId, { visibility: 'party' });
    await expect(world.graph.near(player, hidden, 2, 10, null)).rejects.toEqual(code('unknownObject'));
    await expect(world.graph.near(stranger, seen, 2, 10, null)).rejects.toEqual(code('unknownObject'));
    await expect(world.graph.path(player, campaignId, seen, hidden, null)).rejects.toEqual(
      code('unknownObject'),
    );
    await expect(world.graph.mutual(player, campaignId, seen, hidden, null)).rejects.toEqual(
      code('unknownObject'),
    );
    await expect(world.graph.path(stranger, campaignId, seen, seen, null)).rejects.toEqual(
      code('unknownCampaign'),
    );
    await expect(world.graph.path(master, campaignId, seen, elsewhere, null)).rejects.toEqual(
      code('unknownObject'),
    );
    await expect(world.graph.path(master, campaignId, seen, randomUUID(), null)).rejects.toEqual(
      code('unknownObject'),
    );
    expect((await world.graph.near(player, seen, 3, 10, null)).nodes).toHaveLength(1);
  });
});

async function expectAnswers(
  caller: Principal,
  campaignId: string,
  ids: readonly string[],
  there: readonly boolean[],
  far: readonly (readonly number[])[],
  at: Date | null,
): Promise<void> {
  const [start, end] = [there.indexOf(true), there.lastIndexOf(true)];
  if (start < 0) return;
  for (const hops of [1, 3]) {
    const near = await world.graph.near(caller, ids[start]!, hops, 100, at);
    const expected = ids.flatMap((id, index) =>
      far[start]![index]! <= hops ? [[id, far[start]![index]]] : [],
    );
    expect(Object.fromEntries(near.nodes.map(({ id, hops: away }) => [id, away]))).toEqual(
      Object.fromEntries(expected),
    );
    const shown = new Set(near.nodes.map(({ id }) => id));
    for (const { fromId, toId } of near.edges) expect(shown.has(fromId) && shown.has(toId)).toBe(true);
  }
  const path = await world.graph.path(caller, campaignId, ids[start]!, ids[end]!, at);
  const hops = far[start]![end]!;
  expect(path.nodes.length === 0 ? Infinity : path.nodes.length - 1).toBe(hops);
  for (const [index, { id }] of path.nodes.slice(1).entries())
    expect(far[ids.indexOf(path.nodes[index]!.id)]![ids.indexOf(id)]).toBe(1);
  const mutual = await world.graph.mutual(caller, campaignId, ids[start]!, ids[end]!, at);
  const both = ids.filter((_, index) => start !== end && far[start]![index] === 1 && far[end]![index] === 1);
  expect(mutual.nodes.map(({ id }) => id).sort()).toEqual([...both].sort());
}
