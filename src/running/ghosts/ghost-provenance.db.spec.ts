import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { courseTrack } from '../../../test/support/courses.js';
import { aMember } from '../../../test/support/notification-world.js';
import { openRaceWorld, type RaceWorld } from '../../../test/support/race-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { RUN_SOURCES, type RunSource } from '../runs/run-terms.js';

// Whose a ghost may be. Rows are put past every service that would refuse them, so that what is shown here is what the queries themselves let
// through: a ghost is another's only by its owner's leave, and only where every run in it is there, was recorded here or uploaded, and is not
// private by its owner's choice.

let units: TestUnits;
let world: RaceWorld;
/** One run of each source and choice, and one that is gone. */
const runs: { id: string; source: RunSource; privacy: string | null; isGone: boolean }[] = [];
const [owner, other] = [aMember(randomUUID()), aMember(randomUUID())];

beforeAll(async () => {
  units = await openUnits();
  world = openRaceWorld(units);
  const track = courseTrack({ speedMps: 3, toM: 300 });
  for (const source of RUN_SOURCES)
    for (const privacy of [null, 'public', 'private'] as const) {
      const made = privacy === null ? { source } : { source, privacy };
      runs.push({ id: await world.aRun(owner.id, track, made), source, privacy, isGone: false });
    }
  runs.push({ id: randomUUID(), source: 'app', privacy: null, isGone: true });
  // Whose it is counts, too: a run of somebody else's under this owner's ghost would be a way around.
  runs.push({ id: await world.aRun(other.id, track), source: 'app', privacy: null, isGone: true });
});
afterAll(() => units.close());

const spec = fc.record({
  type: fc.constantFrom('past_run', 'personal_record', 'composite', 'custom_goal'),
  sources: fc.array(fc.nat({ max: RUN_SOURCES.length * 3 + 1 }), { maxLength: 3 }),
  isPublic: fc.boolean(),
  /** Seconds for which its link is still valid; null = it has none. */
  linkForS: fc.option(fc.constantFrom(-60, 3_600)),
  /** Whether the other took it over by this link, by the one before, or not at all. */
  takenOver: fc.constantFrom('now', 'before', 'never'),
});
type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

interface Planted {
  readonly id: string;
  readonly token: string;
  readonly takenId: string | null;
  readonly isNative: boolean;
}

async function plant(who: Principal, by: Principal, { type, sources, isPublic, linkForS, takenOver }: Spec) {
  const id = randomUUID();
  const token = randomUUID();
  await units.owner(
    `INSERT INTO running.ghost (id, user_id, type, name, basis, distance_m, duration_s, is_public, share_seq, share_digest, share_expires_at,
       curve_state, curve_version)
     VALUES ($1, $2, $3, 'Planted', 'route', 300, 100, $4, 7, $5, $6, 'ready', 1)`,
    [
      id,
      who.id,
      type,
      isPublic,
      linkForS === null ? null : sha256(token),
      linkForS === null ? null : new Date(Date.now() + linkForS * 1_000),
    ],
  );
  await units.owner(
    `INSERT INTO running.ghost_curve (ghost_id, version, user_id, rules_version, curve) SELECT $1, 1, $2, 1, curve FROM running.ghost_curve LIMIT 1`,
    [id, who.id],
  );
  for (const [position, index] of sources.entries())
    await units.owner(
      'INSERT INTO running.ghost_source (ghost_id, position, user_id, run_id, from_ms) VALUES ($1, $2, $3, $4, 0)',
      [id, position, who.id, runs[index]!.id],
    );
  const takenId = takenOver === 'never' ? null : randomUUID();
  if (takenId !== null)
    await units.owner(
      `INSERT INTO running.ghost (id, user_id, type, name, basis, distance_m, duration_s, source_ghost_id, source_share_seq, curve_state)
       VALUES ($1, $2, 'shared', 'Taken', 'route', 300, 100, $3, $4, 'ready')`,
      [takenId, by.id, id, takenOver === 'now' ? 7 : 6],
    );
  const used = sources.map((index) => runs[index]!);
  const isNative =
    used.every((run) => !run.isGone && run.source !== 'strava' && run.privacy !== 'private') &&
    (type === 'custom_goal' || used.length > 0);
  return { id, token, takenId, isNative } satisfies Planted;
}

/** A refusal as a value. */
const codeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'served',
    (error: { code?: string }) => error.code ?? 'a fault of ours',
  );

describe('a ghost', () => {
  beforeAll(async () => {
    // A curve for the planted ones to have.
    const runId = await world.aRun(owner.id, courseTrack({ speedMps: 3, toM: 300 }));
    await world.ghosts.create(owner, { type: 'past_run', runId, isActive: true, isPublic: false }, undefined);
  });

  it('is another’s only by leave, and never of a run of another provider', async () => {
    await fc.assert(
      fc.asyncProperty(spec, async (given) => {
        const { id, token, takenId, isNative } = await plant(owner, other, given);
        const isOpen = given.isPublic && isNative;
        const hasLink = given.linkForS !== null && given.linkForS > 0 && isNative;
        const mayTaken = isNative && (given.isPublic || (hasLink && given.takenOver === 'now'));
        const filter = { types: null, difficulty: null, leastM: null, mostM: null };
        const listed = await world.open.listPublic(filter, null, 200);
        expect(listed.some((row) => row.id === id)).toBe(isOpen);
        expect(await codeOf(world.open.findPublic(id))).toBe(isOpen ? 'served' : 'running/unknown-ghost');
        expect(await codeOf(world.open.findByToken(token))).toBe(
          hasLink ? 'served' : 'running/unknown-ghost-link',
        );
        expect(await codeOf(world.open.curve(other.id, id))).toBe(
          isOpen ? 'served' : 'running/unknown-ghost',
        );
        const take = { type: 'shared', isActive: true, isPublic: false } as const;
        expect(await codeOf(world.ghosts.create(other, { ...take, ghostId: id }, undefined))).toBe(
          isOpen ? 'served' : 'running/unknown-ghost',
        );
        expect(await codeOf(world.ghosts.create(other, { ...take, token }, undefined))).toBe(
          hasLink ? 'served' : 'running/unknown-ghost-link',
        );
        await units.owner(`DELETE FROM running.ghost WHERE user_id = $1 AND id <> $2`, [
          other.id,
          takenId ?? id,
        ]);
        if (takenId !== null)
          expect(await codeOf(world.open.curve(other.id, takenId))).toBe(
            mayTaken ? 'served' : 'running/unknown-ghost',
          );
        const race = { clock: 'elapsed' } as const;
        expect(
          await codeOf(world.races.create(other, { ...race, mode: 'ghosts', ghostIds: [id] }, undefined)),
        ).toBe(isOpen ? 'served' : 'running/unknown-ghost');
        const { items } = await world.recommended.recommend(other);
        if (!isOpen) expect(items.map((one) => one.id)).not.toContain(id);
        // Its owner races it alone, whatever it is made of, and brings it before others only where they may see it.
        expect(await codeOf(world.open.curve(owner.id, id))).toBe('served');
        expect(
          await codeOf(world.races.create(owner, { ...race, mode: 'group', ghostIds: [id] }, undefined)),
        ).toBe(isNative ? 'served' : 'running/invalid-race');
        await units.owner('DELETE FROM running.race', []);
        await units.owner('DELETE FROM running.ghost WHERE id = $1', [id]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of another provider’s run, or a private one, cannot be opened to others by its owner either', async () => {
    const wish = { type: 'past_run', isActive: true } as const;
    const of = (source: RunSource, privacy: string | null): string =>
      runs.find((run) => run.source === source && run.privacy === privacy)!.id;
    const strava = of('strava', null);
    const create = (runId: string, isPublic: boolean) =>
      world.ghosts.create(owner, { ...wish, runId, isPublic }, undefined);
    await expect(create(strava, true)).rejects.toMatchObject({ code: 'running/provider-terms' });
    await expect(create(of('app', 'private'), true)).rejects.toMatchObject({
      code: 'running/run-is-private',
    });
    const { id } = (await create(strava, false)).body;
    await expect(world.ghosts.change(owner, id, undefined, { isPublic: true })).rejects.toMatchObject({
      code: 'running/provider-terms',
    });
    await expect(world.sharing.createLink(owner, id, 3_600)).rejects.toMatchObject({
      code: 'running/provider-terms',
    });
    const native = (await create(of('imported', null), true)).body;
    const taken = (
      await world.ghosts.create(
        other,
        { type: 'shared', ghostId: native.id, isActive: true, isPublic: false },
        undefined,
      )
    ).body;
    expect(taken).toMatchObject({ type: 'shared', sourceGhostId: native.id, runIds: [] });
    for (const act of [
      () => world.ghosts.change(other, taken.id, undefined, { isPublic: true }),
      () => world.sharing.createLink(other, taken.id, 3_600),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'running/not-yours-to-share' });
    await expect(
      world.ghosts.create(
        owner,
        { type: 'shared', ghostId: native.id, isActive: true, isPublic: false },
        undefined,
      ),
    ).rejects.toMatchObject({ code: 'running/invalid-ghost' });
  });

  it('that was taken over by a link goes with the link', async () => {
    const runId = runs.find((run) => run.source === 'app' && run.privacy === null)!.id;
    const { id } = (
      await world.ghosts.create(
        owner,
        { type: 'past_run', runId, isActive: true, isPublic: false },
        undefined,
      )
    ).body;
    const take = async (token: string): Promise<string> =>
      (
        await world.ghosts.create(
          other,
          { type: 'shared', token, isActive: true, isPublic: false },
          undefined,
        )
      ).body.id;
    const first = await world.sharing.createLink(owner, id, 3_600);
    const taken = await take(first.token);
    expect(await codeOf(world.open.curve(other.id, taken))).toBe('served');
    const [stored] = await units.owner<{ digest: string }>(
      `SELECT encode(share_digest, 'hex') AS digest FROM running.ghost WHERE id = $1`,
      [id],
    );
    expect(stored!.digest).toBe(sha256(first.token).toString('hex')); // never the token itself
    const second = await world.sharing.createLink(owner, id, 3_600);
    expect(await codeOf(world.open.findByToken(first.token))).toBe('running/unknown-ghost-link');
    expect(await codeOf(world.open.curve(other.id, taken))).toBe('running/unknown-ghost');
    const again = await take(second.token);
    await world.sharing.revokeLink(owner, id);
    await world.sharing.revokeLink(owner, id); // twice is once
    expect(await codeOf(world.open.findByToken(second.token))).toBe('running/unknown-ghost-link');
    expect(await codeOf(world.open.curve(other.id, again))).toBe('running/unknown-ghost');
  });
});
