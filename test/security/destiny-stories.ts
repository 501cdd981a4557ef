import { randomUUID } from 'node:crypto';
import { newPerson, type Person } from '../support/people.js';
import { queryRows } from '../support/table-counts.js';
import type { Sent } from './second-factor-and-key-stories.js';

const DESTINY = '/api/v1/destiny';

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
  };
}
