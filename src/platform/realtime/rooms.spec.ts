import { afterEach, describe, expect, it } from '@jest/globals';
import { ECHO_FRAMES, EchoGateway } from '../../../test/support/echo-gateway.js';
import { LiveClient } from '../../../test/support/live-client.js';
import { type LiveWorld, LoopBus, openLiveWorld } from '../../../test/support/live-world.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { RealtimeFigures } from './realtime-figures.js';
import { Rooms } from './rooms.service.js';

const worlds: LiveWorld[] = [];
const clients: LiveClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function world(bus?: LoopBus): Promise<LiveWorld> {
  const made = await openLiveWorld(
    [EchoGateway],
    { WS_SOCKETS_PER_USER: '50', WS_MESSAGE_BURST: '1000' },
    [],
    bus?.open,
  );
  worlds.push(made);
  return made;
}
async function join(at: LiveWorld, from?: string, name = 'ann'): Promise<LiveClient> {
  const client = await LiveClient.open(at.url, ECHO_FRAMES, { token: `token-of-${name}` });
  clients.push(client);
  expect((await client.ask('watch', { room: 'all', from })).event).toBe('done');
  return client;
}
const said = (client: LiveClient): string[] =>
  client.frames
    .filter(({ event, id }) => event === 'said' && id?.includes('.'))
    .map(({ data }) => data.text as string);
const hears = (client: LiveClient, text: string): Promise<unknown> =>
  client.next(
    `it hears ${text}`,
    ({ event, data, id }) => event === 'said' && data.text === text && id?.includes('.') === true,
  );
const placeOf = (client: LiveClient): string =>
  client.frames.filter(({ event, id }) => event !== 'welcome' && id?.includes('.') === true).at(-1)!.id!;

describe('a room', () => {
  it('gives whoever comes back what was missed, and nothing twice where the place is known', async () => {
    const one = await world();
    const stays = await join(one);
    const leaves = await join(one);
    await stays.ask('say', { text: 'a' });
    await hears(leaves, 'a');
    const place = placeOf(leaves);
    leaves.close();
    await stays.ask('say', { text: 'b' });
    stays.send('move', { who: 'ann', at: 1 });
    stays.send('move', { who: 'ann', at: 2 });
    await stays.next('it moved', ({ event, data }) => event === 'moved' && data.at === 2);
    const back = await join(one, place);
    expect(said(back)).toEqual(['b']);
    expect(back.of('moved').map(({ data }) => data)).toEqual([{ who: 'ann', at: 2 }]);
    expect(back.of('history')).toEqual([]);
    const again = await join(one, placeOf(back));
    expect([...said(again), ...again.of('moved')]).toEqual([]);
  });

  it('gives a snapshot to whoever comes anew or from a place that it does not know', async () => {
    const one = await world();
    const first = await join(one);
    await first.ask('say', { text: 'a' });
    for (const from of [undefined, 'what', 'abc.1:3', `${placeOf(first).split(':')[0]!}:99`, '']) {
      const client = await join(one, from);
      expect(client.of('history').map(({ data }) => data.texts)).toEqual([['a']]);
      client.close();
    }
  });

  it('tells the newest of each state, in the order of what is said', async () => {
    const one = await world();
    const client = await join(one);
    for (let at = 0; at < 20; at += 1) client.send('move', { who: 'ann', at });
    client.send('say', { text: 'after' });
    await hears(client, 'after');
    const places = client.of('moved');
    expect(places.at(-1)!.data).toEqual({ who: 'ann', at: 19 });
    expect(places.length).toBeLessThan(20);
    const order = client.frames.filter(({ id }) => id?.includes('.')).map(({ event }) => event);
    expect(order.lastIndexOf('moved')).toBeLessThan(order.lastIndexOf('said'));
  });

  it('takes a socket into a hundred rooms and no more', async () => {
    const one = await world();
    const client = await join(one);
    for (let room = 1; room < 100; room += 1) await client.ask('watch', { room: String(room) });
    expect((await client.ask('watch', { room: 'one-too-many' })).data).toMatchObject({
      status: 429,
      code: 'realtime/too-many-rooms',
    });
    expect((await client.ask('watch', { room: '5' })).event).toBe('done');
  });
});

describe('a room over several processes', () => {
  it('is one: whoever is in it hears what is said anywhere, in order, and how many they are', async () => {
    const bus = new LoopBus();
    const [one, two, three] = [await world(bus), await world(bus), await world(bus)];
    const [a, b, c] = [await join(one), await join(two), await join(three)];
    await a.ask('say', { text: 'from one' });
    await Promise.all([a, b, c].map((client) => hears(client, 'from one')));
    await c.ask('say', { text: 'x'.repeat(5_000) }); // longer than a text of the bus
    await c.ask('say', { text: 'last' });
    await Promise.all([a, b, c].map((client) => hears(client, 'last')));
    for (const client of [a, b, c]) expect(said(client)).toEqual(['from one', 'x'.repeat(5_000), 'last']);
    b.send('move', { who: 'ben', at: 7 });
    for (const client of [a, b, c]) {
      await client.next('it moved', ({ event, data }) => event === 'moved' && data.at === 7);
      await client.next('all are counted', ({ event, data }) => event === 'presence' && data.viewers === 3);
    }
    c.close();
    await waitUntil('one has left', 5_000, () => a.of('presence').at(-1)!.data.viewers === 2);
    expect(one.app.get(Rooms).viewers('echo:all')).toBe(2);
  });

  it('forgets the members of a process that has ended', async () => {
    const bus = new LoopBus();
    const [one, two] = [await world(bus), await world(bus)];
    const a = await join(one);
    await join(two);
    await a.next('both are counted', ({ event, data }) => event === 'presence' && data.viewers === 2);
    await worlds.pop()!.close();
    await a.next('one is left', ({ event, data }) => event === 'presence' && data.viewers === 1);
  });

  it('notices that frames were lost on the way and tells its members anew', async () => {
    const bus = new LoopBus();
    const [one, two] = [await world(bus), await world(bus)];
    const a = await join(one);
    const b = await join(two);
    await a.ask('say', { text: 'heard' });
    await hears(b, 'heard');
    const place = placeOf(b);
    bus.isLosing = true;
    await a.ask('say', { text: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    bus.isLosing = false;
    const snapshots = b.of('history').length;
    await a.ask('say', { text: 'heard again' });
    await hears(b, 'heard again');
    await waitUntil('a new snapshot', 5_000, () => b.of('history').length > snapshots);
    const back = await join(two, place); // a place before the loss is none to come back to
    expect(back.of('history').length).toBe(1);
  });

  it('costs the others nothing while nobody there is in it', async () => {
    const bus = new LoopBus();
    const [one] = [await world(bus), await world(bus)];
    const a = await join(one);
    for (let text = 0; text < 5; text += 1) await a.ask('say', { text: String(text) });
    expect(figuresOf(one).fanoutOut).toBe(0);
  });
});

function figuresOf(at: LiveWorld): RealtimeFigures {
  return at.app.get(RealtimeFigures);
}
