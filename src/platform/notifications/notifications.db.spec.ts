import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type FakeProvider, openFakeProvider } from '../../../test/support/fake-provider.js';
import { Mailbox } from '../../../test/support/mailbox.js';
import {
  aMember,
  type NotificationWorld,
  openNotifications,
} from '../../../test/support/notification-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { RunningJob } from '../jobs/running-job.js';
import { JobsRepository } from '../jobs/jobs.repository.js';
import { ForgetNotificationsHandler } from './forget-notifications.handler.js';
import { NotificationDeliveriesRepository } from './notification-deliveries.repository.js';
import { NotificationFeed } from './notification-feed.service.js';
import type { NotificationRow } from './notifications.repository.js';
import { isSignedBy } from './webhook-signature.js';

const DISCORD = 'https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz';
let units: TestUnits;
let receiver: FakeProvider;
let mailbox: Mailbox;
let world: NotificationWorld;
let userId: string;
const addresses = new Map<string, string>();

beforeEach(async () => {
  units = await openUnits();
  receiver = await openFakeProvider();
  mailbox = await Mailbox.open();
  userId = randomUUID();
  addresses.clear();
  world = openNotifications(units, {
    smtpUrl: mailbox.url,
    discordUrl: receiver.url,
    addressOf: (id) => addresses.get(id),
  });
});

afterEach(async () => {
  await world.close();
  await mailbox.close();
  await receiver.close();
  await units.close();
});

const listed = (id = userId): Promise<NotificationRow[]> =>
  units.app.run({ id }, (tx) =>
    world.rows.listPage(tx, { before: null, isUnreadOnly: false, topic: null, limit: 10 }),
  );
const prefer = (topic: string, channel: 'in-app' | 'mail' | 'webhook' | 'discord', isEnabled: boolean) =>
  units.app.run({ id: userId }, (tx) =>
    world.rows.replacePreferences(tx, userId, [{ topic, channel, isEnabled }]),
  );
const newWebhook = () =>
  world.createChannel(aMember(userId), { kind: 'webhook', url: `${receiver.url}/hook?key=k` });

describe('publishing', () => {
  it('tells an occasion once, whoever publishes it how often and at the same time', async () => {
    await newWebhook();
    const ids = await Promise.all([1, 2, 3, 4].map(() => world.publish({ userId })));
    expect(ids.filter((id) => id !== undefined)).toHaveLength(1);
    expect(await listed()).toHaveLength(1);
    expect(await world.deliveriesOf(userId)).toHaveLength(1);
    expect(await world.publish({ userId: randomUUID() })).toBeDefined(); // keys are an account's own
  });

  it('leaves nothing when the transaction of the occasion fails', async () => {
    await newWebhook();
    const failed = units.system.run(SYSTEM_SCOPE, async (tx) => {
      const event = { userId, topic: 'market.alert', key: 'k', title: 't', body: 'b', payload: {} };
      await world.notifications.publish(tx, event);
      throw new Error('meant');
    });
    await expect(failed).rejects.toThrow('meant');
    expect([await listed(), await world.deliveriesOf(userId)]).toEqual([[], []]);
  });

  it('is seen by its account alone, also when the account publishes to itself', async () => {
    await units.app.run({ id: userId }, (tx) =>
      world.notifications.publish(tx, {
        userId,
        topic: 'market.alert',
        key: 'own',
        title: 'x'.repeat(500),
        body: 'b\0',
        payload: {},
      }),
    );
    const [own] = await listed();
    expect(own!.title).toHaveLength(200);
    expect(own!.body).toBe('b\uFFFD');
    expect(await listed(randomUUID())).toEqual([]);
    const stranger = units.app.run({ id: randomUUID() }, (tx) =>
      world.notifications.publish(tx, {
        userId,
        topic: 'market.alert',
        key: 'k',
        title: '',
        body: '',
        payload: {},
      }),
    );
    await expect(stranger).rejects.toThrow('row-level security');
  });

  it('follows the preferences of the topic', async () => {
    await newWebhook();
    await prefer('market.alert', 'webhook', false);
    await world.publish({ userId, key: '1' });
    expect(await world.deliveriesOf(userId)).toEqual([]);
    await prefer('*', 'in-app', false);
    await world.publish({ userId, key: '2' });
    expect((await listed()).map(({ seq }) => seq)).toEqual([1]);
    expect(await world.publish({ userId, key: '2' })).toBeUndefined(); // told before, although not listed
    expect(await world.deliveriesOf(userId)).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it('to a webhook is signed and says the same at each try', async () => {
    const { secret, id: channelId } = await newWebhook();
    await world.publish({ userId, link: '/api/v1/x' });
    const [delivery] = await world.deliveriesOf(userId);
    receiver.script({ status: 500 }, { status: 204 });
    await world.deliver(delivery!.id);
    expect(await world.deliveriesOf(userId)).toEqual([expect.objectContaining({ state: 'pending' })]);
    await world.deliver(delivery!.id);
    const [first, second] = receiver.seen;
    expect(second!.body).toBe(first!.body);
    expect(second).toMatchObject({ method: 'POST', url: '/hook?key=k' });
    expect(JSON.parse(second!.body)).toMatchObject({
      id: delivery!.id,
      event: 'market.alert',
      seq: 1,
      title: 'Cheap wood',
      body: 'Ash 12',
      link: '/api/v1/x',
      payload: { itemId: 7 },
    });
    const signature = String(second!.headers['guildhall-signature']);
    expect(isSignedBy(secret!, second!.body, signature, Date.now() / 1_000, 60)).toBe(true);
    const { items } = await world.desk.listDeliveries(aMember(userId), { limit: 10, channelId });
    expect(items).toEqual([
      expect.objectContaining({ state: 'delivered', tries: 2, status: 204, error: null, channelId }),
    ]);
  });

  it('to Discord is said in words, at the place that the account has named', async () => {
    await world.createChannel(aMember(userId), { kind: 'discord', url: DISCORD });
    await world.publish({ userId, title: '@everyone *look*' });
    const [delivery] = await world.deliveriesOf(userId);
    await world.deliver(delivery!.id);
    expect(receiver.seen[0]).toMatchObject({ method: 'POST', url: new URL(DISCORD).pathname });
    expect(JSON.parse(receiver.seen[0]!.body)).toEqual({
      content: '**\\@everyone \\*look\\***\nAsh 12',
      allowed_mentions: { parse: [] },
    });
  });

  it('by mail goes to the proved address, and nowhere without one', async () => {
    await prefer('market.alert', 'mail', true);
    await world.publish({ userId, key: '1', title: 'Cheap\r\nBcc: x@example.org' });
    const [dropped] = await world.deliveriesOf(userId);
    await world.deliver(dropped!.id);
    expect(await world.deliveriesOf(userId)).toEqual([
      expect.objectContaining({ state: 'dropped', error: 'notifications/no-proved-address' }),
    ]);
    addresses.set(userId, 'reader@example.org');
    await world.publish({ userId, key: '2', title: 'Cheap\r\nBcc: x@example.org' });
    const sent = (await world.deliveriesOf(userId)).find(({ state }) => state === 'pending');
    await world.deliver(sent!.id);
    expect(await mailbox.next()).toMatchObject({
      to: 'reader@example.org',
      subject: 'Cheap Bcc: x@example.org',
    });
    expect(mailbox.mails).toHaveLength(1);
  });

  it.each(['webhook', 'discord'] as const)('to a dead %s holds up no other account’s', async (kind) => {
    const other = randomUUID();
    const live = 'https://discord.com/api/webhooks/876543210987654321/abcdefghijklmnopqrstuvwxyz';
    for (const [id, end] of [
      [userId, 'dead'],
      [other, 'live'],
    ] as const) {
      const url = kind === 'webhook' ? `${receiver.url}/${end}` : end === 'live' ? live : DISCORD;
      await world.createChannel(aMember(id), { kind, url });
    }
    receiver.script({ status: 500 });
    for (let index = 0; index < 6; index += 1) await world.publish({ userId, key: `key-${index}` });
    for (const { id } of await world.deliveriesOf(userId)) await world.deliver(id);
    expect(receiver.seen).toHaveLength(5); // then it is left alone for a while
    receiver.script({ status: 204 });
    await world.publish({ userId: other });
    const [delivery] = await world.deliveriesOf(other);
    await world.deliver(delivery!.id);
    expect(await world.deliveriesOf(other)).toEqual([expect.objectContaining({ state: 'delivered' })]);
    expect(receiver.seen).toHaveLength(1);
  });

  it('is made once when its job runs twice at the same time, and counts one failure', async () => {
    const { id } = await newWebhook();
    await world.publish({ userId });
    const [delivery] = await world.deliveriesOf(userId);
    receiver.script({ status: 500 });
    const [one, two] = [await world.jobOf(delivery!.id), await world.jobOf(delivery!.id)];
    await Promise.all([world.sender.deliver(delivery!.id, one), world.sender.deliver(delivery!.id, two)]);
    const { items } = await world.desk.list(aMember(userId));
    expect(items).toEqual([expect.objectContaining({ id, failuresInRow: 1, lastStatus: 500 })]);
  });

  it('that fails often within a short time goes on, and its channel too', async () => {
    await newWebhook();
    receiver.script({ status: 403 });
    for (let index = 0; index < 21; index += 1) await world.publish({ userId, key: `key-${index}` });
    for (const { id } of await world.deliveriesOf(userId)) await world.deliver(id);
    expect((await world.desk.list(aMember(userId))).items[0]).toMatchObject({
      isEnabled: true,
      failuresInRow: 21,
    });
    expect(new Set((await world.deliveriesOf(userId)).map(({ state }) => state))).toEqual(
      new Set(['pending']),
    );
  });

  it('waits when its channel has failed for a day, of which the owner is told, and is sent once that is enabled', async () => {
    const { id } = await newWebhook();
    for (const key of ['one', 'two', 'old']) await world.publish({ userId, key });
    const [first, second, old] = await world.deliveriesOf(userId);
    await units.owner(
      `UPDATE platform.notification_delivery SET created_at = now() - interval '25 hours' WHERE id = $1`,
      [old!.id],
    );
    await units.owner(
      `UPDATE platform.notification_channel SET failures_in_row = 19, failing_since = now() - interval '25 hours'`,
    );
    receiver.script({ status: 410 });
    for (const { id: deliveryId } of [first!, second!, old!]) await world.deliver(deliveryId);
    expect(receiver.seen).toHaveLength(1);
    const waiting = { state: 'pending', error: 'notifications/channel-disabled' };
    expect(await world.deliveriesOf(userId)).toEqual([1, 2, 3].map(() => expect.objectContaining(waiting)));
    expect((await world.desk.list(aMember(userId))).items[0]).toMatchObject({
      isEnabled: false,
      lastStatus: 410,
    });
    expect((await listed())[0]).toMatchObject({
      topic: 'platform.channel-disabled',
      body: expect.stringMatching(/^20 tries have failed since .* It answers 410/),
      payload: { channelId: id, lastStatus: 410 },
    });
    await world.publish({ userId, key: 'later' });
    expect(await world.deliveriesOf(userId)).toHaveLength(3); // a disabled channel is told nothing new
    expect(await world.desk.enable(aMember(userId), id)).toMatchObject({ isEnabled: true, failuresInRow: 0 });
    receiver.script({ status: 204 });
    for (const { id: deliveryId } of [first!, second!]) await world.deliver(deliveryId);
    expect((await world.deliveriesOf(userId)).map(({ state }) => state).sort()).toEqual([
      'delivered',
      'delivered',
      'pending', // too old to be news; it ends as failed
    ]);
    await expect(world.jobOf(old!.id)).rejects.toThrow();
    await expect(world.desk.test(aMember(randomUUID()), id)).rejects.toThrow('no such channel');
  });

  it('is dropped when the keys of its account have been erased', async () => {
    await newWebhook();
    await world.publish({ userId });
    const [delivery] = await world.deliveriesOf(userId);
    await world.forgetKeys(userId);
    await world.deliver(delivery!.id);
    expect(await world.deliveriesOf(userId)).toEqual([expect.objectContaining({ state: 'dropped' })]);
  });

  it('waits for no channel that was enabled while its job looked', async () => {
    const { id } = await newWebhook();
    await world.publish({ userId });
    const [delivery] = await world.deliveriesOf(userId);
    await units.owner('UPDATE platform.notification_channel SET is_enabled = false, disabled_at = now()');
    const run = await world.jobOf(delivery!.id);
    const enabledFirst = new Proxy(run, {
      get: (target, key) =>
        key === 'once'
          ? async (work: Parameters<typeof run.once>[0]) => {
              await world.desk.enable(aMember(userId), id);
              return target.once(work);
            }
          : (Reflect.get(target, key, target) as unknown),
    });
    await world.sender.deliver(delivery!.id, enabledFirst);
    await run.finish();
    await world.deliver(delivery!.id); // by a job that was left for it
    expect(await world.deliveriesOf(userId)).toEqual([expect.objectContaining({ state: 'delivered' })]);
  });
});

describe('the feed', () => {
  it('tells each account what came after its place, in order and without a gap, while many publish', async () => {
    const feed = new NotificationFeed(units.system, world.rows);
    const other = randomUUID();
    await world.publish({ userId, key: 'before' });
    const [all, late, others] = [[] as number[], [] as number[], [] as number[]];
    const stops = [
      feed.follow(userId, 0, (news) => all.push(...news.map(({ seq }) => seq))),
      feed.follow(userId, await feed.placeOf(userId, undefined), (news) =>
        late.push(...news.map(({ seq }) => seq)),
      ),
      feed.follow(other, 0, (news) => others.push(...news.map(({ seq }) => seq))),
    ];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => world.publish({ userId, key: `key-${index}` })),
    );
    await waitUntil('both are told', 10_000, () => all.length === 31 && late.length === 30);
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(new Set(all).size).toBe(31);
    expect(late).toEqual(all.slice(1));
    expect(others).toEqual([]);
    for (const stop of stops) stop();
    const places = [0, 30, 31, 32, 1e15].map((seen) => feed.placeOf(userId, seen));
    expect(await Promise.all(places)).toEqual([0, 30, 31, 31, 31]);
    expect(await feed.placeOf(other, 5)).toBe(0);
  });
});

describe('what is old', () => {
  it('is forgotten, and what nobody brings any more has failed', async () => {
    await newWebhook();
    for (const key of ['old', 'stuck', 'new']) await world.publish({ userId, key });
    const age = (table: string, days: number, seq: number): Promise<object[]> =>
      units.owner(
        table === 'notification'
          ? `UPDATE platform.notification SET created_at = now() - make_interval(days => $1) WHERE seq = $2`
          : `UPDATE platform.notification_delivery d SET created_at = now() - make_interval(days => $1)
             FROM platform.notification n WHERE n.id = d.notification_id AND n.seq = $2`,
        [days, seq],
      );
    await age('notification', 91, 1);
    await age('delivery', 3, 2);
    const handler = new ForgetNotificationsHandler(world.rows, new NotificationDeliveriesRepository());
    const [job] = await units.owner<{ id: string }>(
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), $1, 'spec.forget', 'platform-notifications', '{}') RETURNING id`,
      [SYSTEM_SCOPE.id],
    );
    const run = new RunningJob(job!.id, SYSTEM_SCOPE.id, 1, units.system, new JobsRepository());
    await handler.handle({}, run);
    expect((await listed()).map(({ seq }) => seq)).toEqual([3, 2]);
    expect((await world.deliveriesOf(userId)).map(({ state }) => state).sort()).toEqual([
      'failed',
      'pending',
    ]);
  });
});
