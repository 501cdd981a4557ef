import { call, post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

type Story = () => Promise<Sent>;

const NOTIFICATIONS = '/api/v1/notifications';
const ALERTS = '/api/v1/market/alerts';
const A_CHANNEL = { kind: 'webhook', url: 'https://hook.example.org/hook' };
const AN_ALERT = { game: 'dofus', server: 'draconiros', name: 'Cheap', rule: { minProfit: 10 } };

/** Calls that succeed on routes of notifications and alerts. Each has an account of its own. */
export function notificationStories(base: () => string): Record<string, Story> {
  const as = (person: Person, path: string, body?: object): Sent => ({
    path,
    token: person.accessToken,
    ...(body && { body }),
  });
  const made = async (collection: string, thing: object, rest = '', body?: object): Promise<Sent> => {
    const person = await newPerson(base());
    const { json } = await post(base(), collection, thing, { token: person.accessToken });
    return as(person, `${collection}/${(json as { id: string }).id}${rest}`, body);
  };
  const plain =
    (path: string, body: object): Story =>
    async () =>
      as(await newPerson(base()), path, body);
  const channels = `${NOTIFICATIONS}/channels`;
  return {
    [`POST ${NOTIFICATIONS}/read`]: plain(`${NOTIFICATIONS}/read`, { upToSeq: 1 }),
    [`PUT ${NOTIFICATIONS}/preferences`]: plain(`${NOTIFICATIONS}/preferences`, { items: [] }),
    [`POST ${channels}`]: plain(channels, A_CHANNEL),
    [`DELETE ${channels}/{id}`]: () => made(channels, A_CHANNEL),
    [`POST ${channels}/{id}/enable`]: () => made(channels, A_CHANNEL, '/enable'),
    [`POST ${channels}/{id}/test`]: () => made(channels, A_CHANNEL, '/test'),
    [`POST ${ALERTS}`]: plain(ALERTS, AN_ALERT),
    [`PATCH ${ALERTS}/{id}`]: () => made(ALERTS, AN_ALERT, '', { name: 'Cheaper' }),
    [`DELETE ${ALERTS}/{id}`]: () => made(ALERTS, AN_ALERT),
  };
}

/** Things of these kinds, for whoever needs some, or else of an account that is nobody's. @returns their ids */
export async function makeAlerts(base: string, count: number, token?: string): Promise<string[]> {
  const as = { token: token ?? (await newPerson(base)).accessToken };
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1)
    ids.push(((await post(base, ALERTS, AN_ALERT, as)).json as { id: string }).id);
  return ids;
}

export async function makeChannels(base: string, token: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const { json } = await call(base, 'POST', `${NOTIFICATIONS}/channels`, { token, body: A_CHANNEL });
    ids.push((json as { id: string }).id);
  }
  return ids;
}
