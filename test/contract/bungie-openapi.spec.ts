import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TABLES } from '../../src/sandbox/bungie/manifest-definitions.js';
import { openBungieContract } from '../support/bungie-contract.js';
import { at, BungieTrial } from '../support/bungie-trial.js';

// The stand-in against Bungie's own description of its API: what it answers is what Bungie could answer.

const contract = openBungieContract();

(contract === undefined ? describe.skip : describe)(
  'the stand-in of Bungie, by its OpenAPI file (needs ../shared/data/destiny)',
  () => {
    let trial: BungieTrial;
    let token: string;

    const players = [
      { name: 'ada' },
      { name: 'grace', memberships: [{ type: 1 }, { type: 3 }, { type: 2 }], crossSave: 3, isPrivate: true },
      { name: 'linus', memberships: [{ type: 6 }, { type: 2, errorCode: 1_601 }] },
      { name: 'nobody', hasNoDestiny: true },
      {
        name: 'odd',
        quirks: ['absent-record', 'above-target', 'null-progress', 'deleted-character'] as const,
      },
    ];

    beforeAll(async () => {
      trial = await BungieTrial.open({ players, otherRecords: 200 });
      ({ access: token } = await trial.signIn('ada'));
    });

    afterAll(() => trial.close());

    const faultsOf = async (path: string, asWhom?: string): Promise<string[]> => {
      const { body } = await trial.get(path, asWhom);
      expect(body['ErrorCode']).toBe(1);
      return contract!.answerFaults('GET', path.split('?')[0]!, body);
    };

    it('answers settings, the manifest and single definitions so', async () => {
      expect(await faultsOf('/Platform/Settings/')).toEqual([]);
      expect(await faultsOf('/Platform/Destiny2/Manifest/')).toEqual([]);
    });

    it('serves tables whose rows are what they say they are', async () => {
      const { body } = await trial.get('/Platform/Destiny2/Manifest/');
      for (const table of TABLES) {
        const path = at<string>(body, `Response.jsonWorldComponentContentPaths.en.${table}`);
        const rows = Object.values((await trial.get(path)).body);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(contract!.valueFaults(table, row)).toEqual([]);
        const { hash } = rows[0] as { hash: number };
        const single = await trial.get(`/Platform/Destiny2/Manifest/${table}/${hash}/`);
        expect(single.body['Response']).toEqual(rows[0]);
      }
    });

    it('answers memberships and linked profiles of all kinds of players so', async () => {
      for (const { name } of players) {
        const { access } = await trial.signIn(name);
        expect(await faultsOf('/Platform/User/GetMembershipsForCurrentUser/', access)).toEqual([]);
        const id = trial.sandbox.player(name).bungieMembershipId;
        const linked = `/Platform/Destiny2/254/Profile/${id}/LinkedProfiles/?getAllMemberships=true`;
        expect(await faultsOf(linked, access)).toEqual([]);
      }
    });

    it('answers profiles so, to their owners and to strangers, now and after a year', async () => {
      for (const isLater of [false, true]) {
        if (isLater) trial.sandbox.advance(365 * 86_400_000);
        for (const { name } of players.filter(({ hasNoDestiny }) => hasNoDestiny !== true)) {
          const { access } = await trial.signIn(name);
          expect(await faultsOf(trial.profilePath(name), access)).toEqual([]);
          expect(await faultsOf(trial.profilePath(name))).toEqual([]);
        }
      }
    });

    it('finds faults where there are some', async () => {
      const path = trial.profilePath('ada').split('?')[0]!;
      trial.sandbox.players[0]!.revoke();
      ({ access: token } = await trial.signIn('ada'));
      const { body } = await trial.get(trial.profilePath('ada'), token);
      const [id] = at<string[]>(body, 'Response.profile.data.characterIds');
      const character = at(body, `Response.characters.data.${id}`);
      for (const wrong of [
        { minutesPlayedTotal: 77 },
        { light: 2 ** 31 },
        { classHash: -1 },
        { classType: 7 },
        { dateLastPlayed: 'yesterday' },
        { surprise: 1 },
        { light: null },
      ]) {
        Object.assign(body, { Response: { characters: { data: { [id!]: { ...character, ...wrong } } } } });
        expect(contract!.answerFaults('GET', path, body)).toHaveLength(1);
      }
      const asked = { method: 'GET', path, query: { components: '100,900' }, hasKey: true, hasBearer: false };
      expect(contract!.requestFaults(asked)).toEqual([]);
      for (const wrong of [{ hasKey: false }, { query: { components: '7' } }, { query: { page: '1' } }])
        expect(contract!.requestFaults({ ...asked, ...wrong })).toHaveLength(1);
      expect(contract!.requestFaults({ ...asked, path: '/Platform/Nothing/' })).toHaveLength(1);
    });

    it('writes down requests by which they can be judged', () => {
      const asked = trial.sandbox.journal.filter(({ path }) => path.startsWith('/Platform/'));
      expect(asked.length).toBeGreaterThan(20);
      for (const entry of asked) expect(contract!.requestFaults(entry)).toEqual([]);
    });
  },
);
