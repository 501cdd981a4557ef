import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type AuditWorld, openAuditWorld } from '../../../test/support/audit-world.js';
import { runInSpanContext } from '../profiling/span.js';

let world: AuditWorld;

beforeEach(async () => {
  world = await openAuditWorld();
});

afterEach(() => world.close());

const change = (id: string, more: object = {}): Parameters<AuditWorld['audit']['record']>[2] => ({
  action: 'spec.thing-changed',
  object: { type: 'spec.thing', id },
  before: { value: 1 },
  after: { value: 2, at: new Date(0), text: "it's ünïcode \0 \ud800 $1" },
  ...more,
});

/** Events of one user each, committed one after another. @returns the users */
async function record(count: number): Promise<string[]> {
  const users: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const user = randomUUID();
    users.push(user);
    await world.units.app.run({ id: user }, (tx) =>
      world.audit.record(tx, { id: user }, change(`t${index}`)),
    );
  }
  return users;
}

const eventIds = async (): Promise<number[]> =>
  (
    await world.units.owner<{ id: number }>(
      'SELECT event_id::int AS id FROM platform.audit_seal ORDER BY seq',
    )
  ).map(({ id }) => id);
const fault = async (): Promise<string | undefined> => (await world.verifier.verify(world.heads())).fault;

describe('an event', () => {
  it('exists exactly if its change does', async () => {
    const user = randomUUID();
    const failing = world.units.app.run({ id: user }, async (tx) => {
      await world.audit.record(tx, { id: user }, change('never'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await world.units.owner('SELECT FROM platform.audit_event')).toHaveLength(0);
    await record(1);
    expect(await world.units.owner('SELECT FROM platform.audit_pending')).toHaveLength(1);
  });

  it('says who, from where, on whose behalf, and what it was before and after', async () => {
    const [admin, subject, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
    await runInSpanContext({ kind: 'job', endpoint: 'job:spec', requestId: 'request-7', userId: admin }, () =>
      world.units.app.run({ id: admin }, (tx) =>
        world.audit.record(tx, { id: admin, sessionId }, change('t', { subjectId: subject })),
      ),
    );
    const [row] = await world.units.owner(
      'SELECT user_id, actor_id, session_id, request_id, before, after FROM platform.audit_detail',
    );
    expect(row).toEqual({
      user_id: subject,
      actor_id: admin,
      session_id: sessionId,
      request_id: 'request-7',
      before: { value: 1 },
      after: { value: 2, at: '1970-01-01T00:00:00.000Z', text: "it's ünïcode \0 \ud800 $1" },
    });
    await world.newSealer().seal();
    expect(await fault()).toBeUndefined();
  });

  it('holds however the ids of its people were spelled', async () => {
    const [admin, subjectId] = [randomUUID(), randomUUID().toUpperCase()];
    await world.units.app.run({ id: admin }, (tx) =>
      world.audit.record(tx, { id: admin.toUpperCase() }, change('t', { subjectId })),
    );
    await world.newSealer().seal();
    expect(await fault()).toBeUndefined();
  });

  it('names nobody outside of its erasable part', async () => {
    const [user] = await record(1);
    const [row] = await world.units.owner<{ text: string }>(
      'SELECT e::text AS text FROM platform.audit_event e',
    );
    expect(row!.text).not.toContain(user);
    expect(row!.text).not.toContain(user!.replaceAll('-', ''));
  });

  it('is shown to the user whose matter it is, and to no other', async () => {
    const [mine, other] = await record(2);
    const seen = await world.units.app.run({ id: mine! }, (tx) =>
      tx.query<{ user_id: string }>('SELECT user_id FROM platform.audit_detail'),
    );
    expect(seen).toEqual([{ user_id: mine }]);
    expect(other).not.toBe(mine);
  });
});

describe('the chain', () => {
  it('is one, without gaps, whatever 50 writers and two sealers do at once', async () => {
    const sealers = [world.newSealer(), world.newSealer()];
    let isWriting = true;
    const sealing = sealers.map(async (sealer) => {
      while (isWriting) await sealer.seal();
    });
    const writers = Array.from({ length: 50 }, async (_, writer) => {
      for (let index = 0; index < 6; index += 1) {
        const user = randomUUID();
        await world.units.app.run({ id: user }, async (tx) => {
          await world.audit.record(tx, { id: user }, change(`${writer}-${index}`));
          await tx.query(`SELECT pg_sleep(${(writer % 5) / 1_000})`);
          if (index === 5) await world.audit.record(tx, { id: user }, change(`${writer}-more`));
        });
      }
    });
    await Promise.all(writers);
    isWriting = false;
    await Promise.all(sealing);
    await sealers[0]!.seal();
    const report = await world.verifier.verify([]);
    expect(report).toEqual({ sealed: 350, pending: 0, erased: 0, heads: 0, fault: undefined });
  });

  it('takes in an event that was begun earlier and committed later', async () => {
    const user = randomUUID();
    const client = await world.units.pool.connect();
    await client.query('BEGIN');
    await client.query(
      `SELECT platform.record_audit('spec.late', 'spec.thing', 'late', $1, NULL, NULL, $2, $3, $1, NULL, NULL, $2, $3)`,
      [user, Buffer.alloc(16), Buffer.alloc(32)],
    );
    await record(2);
    await world.newSealer().seal();
    await client.query('COMMIT');
    client.release();
    await world.newSealer().seal();
    const ids = await eventIds();
    expect(ids).toHaveLength(3);
    expect(ids.at(-1)).toBe(Math.min(...ids));
  });

  it('holds after a user has been erased, who is then in none of its tables', async () => {
    const [user, other] = await record(3);
    await world.units.system.run({ id: user! }, (tx) =>
      world.audit.record(tx, { id: user! }, change('of another', { subjectId: other })),
    );
    await world.newSealer().seal();
    await world.units.system.run({ id: '' }, (tx) => world.audit.eraseUser(tx, user!));
    await world.units.system.run({ id: '' }, (tx) => world.audit.eraseUser(tx, user!));
    expect(await world.verifier.verify([])).toMatchObject({ sealed: 4, erased: 1, fault: undefined });
    for (const table of ['audit_event', 'audit_detail', 'audit_seal', 'audit_pending']) {
      const rows = await world.units.owner<{ text: string }>(
        `SELECT t::text AS text FROM platform.${table} t`,
      );
      expect(rows.filter(({ text }) => text.includes(user!))).toEqual([]);
    }
    expect(
      await world.units.owner('SELECT FROM platform.audit_detail WHERE user_id = $1', [other]),
    ).toHaveLength(2);
  });

  it('is written down outside of the database, and not twice the same', async () => {
    const sealer = world.newSealer();
    await sealer.tick();
    expect(world.heads()).toEqual([]);
    await record(3);
    await sealer.tick();
    await sealer.exportHead();
    const [head, ...more] = world.heads();
    expect(more).toEqual([]);
    expect(head).toMatchObject({ seq: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await world.verifier.verify(world.heads())).heads).toBe(1);
  });
});

describe('the verification names the first broken row', () => {
  let ids: number[];

  beforeEach(async () => {
    await record(6);
    const sealer = world.newSealer();
    await sealer.seal();
    await sealer.exportHead();
    ids = await eventIds();
    expect(await fault()).toBeUndefined();
  });

  it.each([
    ['action', `action = 'spec.nothing'`],
    ['object', `object_id = 'other'`],
    ['instant', `at = at + interval '1 microsecond'`],
    ['actor', 'actor_hash = sha256(actor_hash)'],
  ])('when its %s was edited', async (_what, assignment) => {
    await world.tamper(`UPDATE platform.audit_event SET ${assignment} WHERE id = $1`, [ids[3]]);
    expect(await fault()).toBe(`event ${ids[3]} (seal 4) is not what was sealed: it was changed or swapped`);
  });

  it.each([
    ['detail', `after = '{"value":3}'`, 'detail'],
    ['subject', 'user_id = gen_random_uuid()', 'detail'],
    ['actor', 'actor_id = gen_random_uuid()', 'actor'],
    ['request', `request_id = 'another'`, 'actor'],
  ])('when the %s of a detail was edited', async (_what, assignment, part) => {
    await world.tamper(`UPDATE platform.audit_detail SET ${assignment} WHERE event_id = $1`, [ids[2]]);
    expect(await fault()).toBe(`the ${part} of event ${ids[2]} (seal 3) was changed`);
  });

  it('when it was deleted', async () => {
    await world.tamper('DELETE FROM platform.audit_event WHERE id = $1', [ids[1]]);
    expect(await fault()).toBe(`event ${ids[1]} (seal 2) was deleted`);
  });

  it('when it was deleted with its seal', async () => {
    await world.tamper(
      'WITH gone AS (DELETE FROM platform.audit_seal WHERE event_id = $1) DELETE FROM platform.audit_event WHERE id = $1',
      [ids[1]],
    );
    expect(await fault()).toBe('seal 2 was deleted');
  });

  it('when two events were swapped', async () => {
    await world.tamper(
      `UPDATE platform.audit_event e SET action = o.action, object_id = o.object_id, at = o.at, actor_hash = o.actor_hash,
         detail_hash = o.detail_hash
       FROM platform.audit_event o WHERE e.id IN ($1, $2) AND o.id IN ($1, $2) AND o.id <> e.id`,
      [ids[1], ids[4]],
    );
    expect(await fault()).toBe(`event ${ids[1]} (seal 2) is not what was sealed: it was changed or swapped`);
  });

  it('when two seals were swapped', async () => {
    await world.tamper(
      `UPDATE platform.audit_seal SET event_id = -event_id WHERE seq IN (2, 5);
       UPDATE platform.audit_seal SET event_id = CASE seq WHEN 2 THEN ${ids[4]} ELSE ${ids[1]} END WHERE seq IN (2, 5)`,
    );
    expect(await fault()).toBe(`event ${ids[4]} (seal 2) is not what was sealed: it was changed or swapped`);
  });

  it('when a seal was edited', async () => {
    await world.tamper('UPDATE platform.audit_seal SET prev_hash = sha256(prev_hash) WHERE seq = 3');
    expect(await fault()).toBe(
      `seal 3 (event ${ids[2]}) does not follow the seal before it: one of the two was changed or swapped`,
    );
  });

  it('when the tail was cut off, events and all, by what was written down outside', async () => {
    await world.tamper(
      `DELETE FROM platform.audit_seal WHERE seq > 4; DELETE FROM platform.audit_detail WHERE event_id > ${ids[3]};
       DELETE FROM platform.audit_event WHERE id > ${ids[3]}`,
    );
    expect((await world.verifier.verify([])).fault).toBeUndefined(); // nothing inside tells
    expect(await fault()).toMatch(
      new RegExp(
        `^the tail after seal 4 was cut off: seal 6 \\(event ${ids[5]}\\) was written down at .* is gone$`,
      ),
    );
    await record(2);
    await world.newSealer().seal();
    expect(await fault()).toMatch(/^seal 6 \(event \d+\) is not the one that was written down/);
  });

  it('when all was thrown away and begun anew', async () => {
    await world.tamper('TRUNCATE platform.audit_seal, platform.audit_detail, platform.audit_event');
    expect(await fault()).toMatch(/^the tail after seal 0 was cut off/);
    await record(6);
    await world.newSealer().seal();
    expect(await fault()).toMatch(/^seal 6 .* the chain was made anew/);
  });

  it('when it was put in by another way, or its seal was taken off the end', async () => {
    await world.tamper('DELETE FROM platform.audit_seal WHERE seq = 6');
    expect((await world.verifier.verify([])).fault).toMatch(
      new RegExp(`^event ${ids[5]} has no seal and waits for none`),
    );
  });

  it('when it was deleted before it was sealed', async () => {
    await record(1);
    const [{ id } = { id: 0 }] = await world.units.owner<{ id: number }>(
      'SELECT event_id::int AS id FROM platform.audit_pending',
    );
    await world.tamper('DELETE FROM platform.audit_event WHERE id = $1', [id]);
    await world.newSealer().seal();
    expect(await fault()).toBe(`event ${id} was deleted before it was sealed`);
  });
});

describe('nobody changes what was recorded', () => {
  const STATEMENTS = ['UPDATE % SET', 'DELETE FROM %', 'TRUNCATE %'];
  const TABLES = [
    ['audit_event', `action = 'x'`],
    ['audit_seal', 'hash = prev_hash'],
  ] as const;

  it.each(TABLES)('in %s: neither role, and the owner not by mistake', async (table, assignment) => {
    await record(1);
    await world.newSealer().seal();
    for (const statement of STATEMENTS) {
      const sql =
        statement.replace('%', `platform.${table}`) + (statement.endsWith('SET') ? ` ${assignment}` : '');
      for (const unit of [world.units.app, world.units.system])
        await expect(unit.run({ id: '' }, (tx) => tx.query(sql))).rejects.toThrow(/permission denied/);
      await expect(world.units.owner(sql)).rejects.toThrow(/rows of audit_\w+ are never changed or deleted/);
    }
    expect((await world.verifier.verify([])).sealed).toBe(1);
  });

  it('nor inserts by another way than record_audit', async () => {
    for (const table of ['audit_event', 'audit_detail', 'audit_pending'])
      for (const unit of [world.units.app, world.units.system])
        await expect(
          unit.run({ id: '' }, (tx) => tx.query(`INSERT INTO platform.${table} DEFAULT VALUES`)),
        ).rejects.toThrow(/permission denied/);
    await expect(
      world.units.app.run({ id: '' }, (tx) => tx.query('SELECT FROM platform.audit_event')),
    ).rejects.toThrow(/permission denied/);
  });
});
