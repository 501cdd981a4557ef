import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BungieClient } from '../../src/destiny/bungie/bungie.client.js';
import { PROFILE_COMPONENTS } from '../../src/destiny/profiles/bungie-profiles.family.js';
import { openBungieContract } from '../support/bungie-contract.js';
import { BUNGIE_KEY, BungieTrial } from '../support/bungie-trial.js';
import { openOutbound, type OutboundTrial } from '../support/outbound-trial.js';
import { openUnits, type TestUnits } from '../support/units.js';

// Every request that the program sends to Bungie, against Bungie's own description of its API; and the answers, which the client reads.

const contract = openBungieContract();

(contract === undefined ? describe.skip : describe)(
  'our requests to Bungie, by its OpenAPI file (needs ../shared/data/destiny)',
  () => {
    let units: TestUnits;
    let trial: BungieTrial;
    let way: OutboundTrial;
    let client: BungieClient;

    beforeAll(async () => {
      units = await openUnits();
      trial = await BungieTrial.open();
      way = openOutbound(units);
      client = new BungieClient(way.outbound, {
        bungie: { apiKey: BUNGIE_KEY, client: undefined, baseUrl: trial.sandbox.url },
      });
    });

    afterAll(async () => {
      await way.outbound.onApplicationShutdown();
      await trial.close();
      await units.close();
    });

    it('are such as it describes, each of them', async () => {
      const { access: token } = await trial.signIn('ada');
      const { bungieMembershipId, profile } = trial.sandbox.player('ada');
      const from = trial.sandbox.journal.length;
      await client.settings();
      const { version } = await client.manifest();
      expect(version).toEqual(expect.any(String));
      expect(await client.memberships(token)).toMatchObject({ bungieId: bungieMembershipId });
      await client.linkedProfiles(bungieMembershipId, { token });
      const key = { membershipType: profile.membership.type, membershipId: profile.membershipId };
      const snapshot = await client.profile(key, PROFILE_COMPONENTS, { token });
      expect(snapshot).toMatchObject({ ...key, records: 'present', inventory: 'present' });
      await client.definition('DestinyRecordDefinition', [...snapshot.profileRecords.keys()][0]!);
      const asked = trial.sandbox.journal.slice(from);
      expect(asked.map(({ path }) => path.replace(/\d{5,}/g, '*'))).toEqual([
        '/Platform/Settings/',
        '/Platform/Destiny2/Manifest/',
        '/Platform/User/GetMembershipsForCurrentUser/',
        '/Platform/Destiny2/254/Profile/*/LinkedProfiles/',
        '/Platform/Destiny2/3/Profile/*/',
        '/Platform/Destiny2/Manifest/DestinyRecordDefinition/*/',
      ]);
      for (const entry of asked)
        expect({ entry, faults: contract!.requestFaults(entry) }).toMatchObject({ faults: [] });
    });
  },
);
