import { randomUUID } from 'node:crypto';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { call } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import { ADMIN_TOKEN } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import type { Sent } from './second-factor-and-key-stories.js';

const DESTINY = '/api/v1/destiny';
const TRACKING = `${DESTINY}/catalysts/${shippedCatalog().catalysts[0]!.recordHash}/tracking`;

/** A membership as Bungie would have named it, for whom the stand-in of Bungie is not asked. @returns its id */
export async function plantMembership(databaseUrl: string, { id }: Person): Promise<string> {
  const membershipId = randomUUID();
  await queryRows(
    databaseUrl,
    `WITH link AS (
       INSERT INTO destiny.bungie_link (user_id, bungie_id, asked_at, read_at) VALUES ($1, $2, now(), now())
       ON CONFLICT (user_id) DO NOTHING)
     INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, is_overridden, is_cross_save_primary, seen_at)
     VALUES ($3, $1, 3, $2, false, false, now())`,
    [id, String(4_611_686_018_400_000_000n + BigInt(Math.floor(Math.random() * 1e9))), membershipId],
  );
  return membershipId;
}

/** A run of somebody whose membership is planted. @returns its id */
export async function makeSyncRun(base: string, databaseUrl: string, person: Person): Promise<string> {
  const token = person.accessToken;
  const id = await plantMembership(databaseUrl, person);
  await call(base, 'PUT', `${DESTINY}/memberships/active`, { token, body: { id } });
  const { json } = await call(base, 'POST', `${DESTINY}/sync`, { token });
  return (json as { id: string }).id;
}

/** Calls that succeed on the routes of the link to Bungie. */
export function destinyStories(
  base: () => string,
  databaseUrl: () => string,
): Record<string, () => Promise<Sent>> {
  const withMembership = async (make: (membershipId: string) => Omit<Sent, 'token'>): Promise<Sent> => {
    const person = await newPerson(base());
    return { ...make(await plantMembership(databaseUrl(), person)), token: person.accessToken };
  };
  return {
    [`PUT ${DESTINY}/memberships/active`]: () =>
      withMembership((id) => ({ path: `${DESTINY}/memberships/active`, body: { id } })),
    [`DELETE ${DESTINY}/link`]: () => withMembership(() => ({ path: `${DESTINY}/link` })),
    [`POST ${DESTINY}/sync`]: async () => {
      const person = await newPerson(base());
      const { accessToken: token } = person;
      const id = await plantMembership(databaseUrl(), person);
      await call(base(), 'PUT', `${DESTINY}/memberships/active`, { token, body: { id } });
      return { path: `${DESTINY}/sync`, token };
    },
    [`POST ${DESTINY}/manifest/import`]: () =>
      Promise.resolve({ path: `${DESTINY}/manifest/import`, token: ADMIN_TOKEN }),
    [`PUT ${DESTINY}/catalysts/{recordHash}/tracking`]: async () => {
      const { accessToken: token } = await newPerson(base());
      return { path: TRACKING, token };
    },
    [`DELETE ${DESTINY}/catalysts/{recordHash}/tracking`]: async () => {
      const { accessToken: token } = await newPerson(base());
      await call(base(), 'PUT', TRACKING, { token });
      return { path: TRACKING, token };
    },
  };
}
