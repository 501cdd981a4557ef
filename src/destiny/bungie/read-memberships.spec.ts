import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destinyData } from '../../../test/support/destiny-data.js';
import { BungieFault } from './bungie-fault.js';
import { candidates, chooseMembership } from './choose-membership.js';
import {
  type MembershipCard,
  type MembershipsAnswer,
  readLinkedProfiles,
  readMemberships,
} from './read-memberships.js';

const card = (given: object = {}): object => ({
  membershipType: 3,
  membershipId: '4611686018400000012',
  crossSaveOverride: 0,
  applicableMembershipTypes: [3],
  displayName: 'guard',
  bungieGlobalDisplayName: 'Guardian',
  bungieGlobalDisplayNameCode: 42,
  iconPath: '/img/theme/destiny/icons/icon_steam.png',
  ...given,
});
const answerOf = (cards: unknown, more: object = {}): object => ({
  destinyMemberships: cards,
  bungieNetUser: { membershipId: '10000001' },
  ...more,
});

describe('memberships', () => {
  it('are read as Bungie gives them', () => {
    const { bungieId, primaryMembershipId, cards } = readMemberships(
      answerOf([card(), card({ membershipType: 1, membershipId: '7', crossSaveOverride: 3 })], {
        primaryMembershipId: '4611686018400000012',
      }),
    );
    expect([bungieId, primaryMembershipId]).toEqual(['10000001', '4611686018400000012']);
    expect(cards).toEqual([
      {
        membershipType: 3,
        membershipId: '4611686018400000012',
        displayName: 'Guardian#0042',
        iconPath: '/img/theme/destiny/icons/icon_steam.png',
        isOverridden: false,
      },
      expect.objectContaining({ membershipType: 1, membershipId: '7', isOverridden: true }),
    ]);
  });

  it('of platforms that are new count, those that are none do not', () => {
    const types = [0, -1, 254, 255, 1.5, '3', null, 20, 77].map((membershipType, index) =>
      card({ membershipType, membershipId: String(index + 1) }),
    );
    expect(readMemberships(answerOf(types)).cards.map(({ membershipType }) => membershipType)).toEqual([
      20, 77,
    ]);
  });

  it('carry no text that cannot be shown, and no address but a path', () => {
    const [first] = readMemberships(
      answerOf([
        card({ bungieGlobalDisplayName: 'Gu\u0000ar\ud800d', iconPath: 'https://evil.example/x.png' }),
      ]),
    ).cards;
    expect(first).toMatchObject({ displayName: 'Gu ar d#0042', iconPath: null });
  });

  it('of any shape whatsoever are read or malformed', () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record(
        {
          destinyMemberships: fc.oneof(
            fc.jsonValue({ maxDepth: 3 }),
            fc.array(fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(card()))),
          ),
          bungieNetUser: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant({ membershipId: '1' })),
          primaryMembershipId: fc.jsonValue({ maxDepth: 1 }),
          profiles: fc.jsonValue({ maxDepth: 2 }),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(odd, (value) => {
        for (const read of [readMemberships, readLinkedProfiles])
          try {
            read(value);
          } catch (error) {
            expect(error).toBeInstanceOf(BungieFault);
            expect((error as BungieFault).kind).toBe('malformed');
          }
      }),
      { numRuns: 500 },
    );
  });
});

const cards = (): fc.Arbitrary<MembershipCard[]> =>
  fc.uniqueArray(
    fc.record({
      membershipType: fc.constantFrom(1, 2, 3, 6, 20),
      membershipId: fc.constantFrom('1', '2', '3', '4', '5'),
      displayName: fc.constant(null),
      iconPath: fc.constant(null),
      isOverridden: fc.boolean(),
    }),
    { selector: ({ membershipId }) => membershipId, maxLength: 5 },
  );
const answers = (): fc.Arbitrary<MembershipsAnswer> =>
  fc.record({
    bungieId: fc.constant('9'),
    primaryMembershipId: fc.option(fc.constantFrom('1', '2', '3', '8')),
    cards: cards(),
  });

describe('the choice of a membership', () => {
  it('is the primary one, else the one played last of those that are not overridden, else none', () => {
    fc.assert(
      fc.property(answers(), fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }), (answer, played) => {
        const linked = answer.cards.map((card, index) => ({
          ...card,
          lastPlayedAtMs: played[index]! * 1_000,
        }));
        const chosen = chooseMembership(answer, linked, null);
        const primary = answer.cards.find(({ membershipId }) => membershipId === answer.primaryMembershipId);
        const free = linked.filter(({ isOverridden }) => !isOverridden);
        if (primary) expect(chosen).toBe(primary);
        else if (free.length === 0) expect(chosen).toBeNull();
        else {
          expect(chosen!.isOverridden).toBe(false);
          const at = linked.find(({ membershipId }) => membershipId === chosen!.membershipId)!.lastPlayedAtMs;
          expect(at).toBe(Math.max(...free.map(({ lastPlayedAtMs }) => lastPlayedAtMs)));
        }
      }),
    );
  });

  it('is the player’s own unless that is overridden or gone', () => {
    fc.assert(
      fc.property(answers(), fc.constantFrom('1', '2', '3', '4', '5'), (answer, preferredId) => {
        const chosen = chooseMembership(answer, [], preferredId);
        const preferred = answer.cards.find(({ membershipId }) => membershipId === preferredId);
        if (preferred && !preferred.isOverridden) expect(chosen).toBe(preferred);
        else expect(chosen).toEqual(chooseMembership(answer, [], null));
      }),
    );
  });
});

const data = destinyData();

(data ? describe : describe.skip)('the four cases (need the folder shared/data/destiny)', () => {
  const caseOf = (name: string): MembershipsAnswer =>
    readMemberships(
      (data!.json('memberships_sample.json') as Record<string, { Response: unknown }>)[name]!.Response,
    );

  it.each([
    ['crossSave', '4611686018400000012', [true, false, true]],
    ['singlePlatform', '4611686018400000021', [false]],
    ['noCrossSaveTwoPlatforms', '4611686018400000032', [false, false]],
    ['noDestiny', undefined, []],
  ])('%s', (name, chosenId, overridden) => {
    const answer = caseOf(name);
    const linked = [
      { membershipType: 1, membershipId: '4611686018400000031', lastPlayedAtMs: 1 },
      { membershipType: 3, membershipId: '4611686018400000032', lastPlayedAtMs: 2 },
    ];
    expect(answer.cards.map(({ isOverridden }) => isOverridden)).toEqual(overridden);
    expect(chooseMembership(answer, linked, null)?.membershipId).toBe(chosenId);
    expect(candidates(answer).length).toBe(
      name === 'noCrossSaveTwoPlatforms' ? 2 : Math.min(1, overridden.length),
    );
  });
});
