import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { OwnedRowsRepository } from '../../src/platform/data-rights/owned-rows.repository.js';
import { openUnits, type TestUnits } from '../support/units.js';
import { CAMPAIGN_POLICIES, inWords } from './campaign-policies.js';
import { listDataHandlers } from './data-handlers.js';

/**
 * What every migration must leave behind, read from PostgreSQL's own catalogue: a table, function or grant that forgets one
 * of the house rules fails here on the day it is written.
 */
let units: TestUnits;
const APP = 'guildhall_app';
const SYSTEM = 'guildhall_system';

beforeAll(async () => {
  units = await openUnits();
  // Partitions are made on demand; the rules must hold for them too.
  await units.app.run({ id: '' }, (tx) =>
    tx.query("SELECT market.ensure_observation_partitions(now() - interval '70 days', now())"),
  );
  await units.system.run({ id: '' }, (tx) =>
    tx.query('SELECT platform.ensure_performance_partitions(current_date - 1, current_date + 1)'),
  );
});

afterAll(() => units.close());

/** The queue library's tables are its own: it makes them, and only the system role sees them. */
const OURS = `n.nspname NOT IN ('information_schema', 'bullmq') AND n.nspname NOT LIKE 'pg\\_%'`;

interface Table {
  name: string;
  comment: string | null;
  hasUserId: boolean;
  isPartition: boolean;
  isEnabled: boolean;
  isForced: boolean;
}

function tables(): Promise<Table[]> {
  return units.owner<Table>(
    `SELECT n.nspname || '.' || c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
       c.oid = 'identity.account'::regclass OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
         AND a.attname = 'user_id' AND NOT a.attisdropped) AS "hasUserId",
       c.relispartition AS "isPartition", c.relrowsecurity AS "isEnabled", c.relforcerowsecurity AS "isForced"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND ${OURS}
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1`,
  );
}

describe('tables', () => {
  it('are found at all', async () => {
    const found = await tables();
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'market.item',
        'market.observation',
        'platform.idempotency_key',
        'platform.migration',
      ]),
    );
    expect(found.filter(({ isPartition }) => isPartition).length).toBeGreaterThanOrEqual(6);
  });

  it('live in the schema of a domain or of the platform', async () => {
    const schemas = new Set((await tables()).map(({ name }) => name.split('.')[0]));
    expect([...schemas].sort()).toEqual([
      'agent_analytics',
      'destiny',
      'identity',
      'market',
      'platform',
      'running',
      'tabletop',
    ]);
  });

  it('say who owns their rows and who erases them', async () => {
    const silent = (await tables()).filter(
      ({ comment }) => !/^owner=(user|none); erase=[a-z][a-z-]*$/.test(comment ?? ''),
    );
    expect(silent).toEqual([]);
  });

  it('name a user as owner exactly where they have a user_id, and then name a handler that erases', async () => {
    for (const { name, comment, hasUserId } of await tables()) {
      expect({ name, isUsers: comment?.startsWith('owner=user; ') }).toEqual({ name, isUsers: hasUserId });
      if (hasUserId) expect(comment).not.toContain('erase=none');
    }
  });
});

describe('the handlers that export and erase', () => {
  it('are those that the tables name, each once', async () => {
    const named = (await tables()).flatMap(
      ({ comment }) => /erase=(?!none)(.+)$/.exec(comment ?? '')?.[1] ?? [],
    );
    expect(await listDataHandlers(units.url)).toEqual([...new Set(named)].sort());
  });

  it('are missed when a table names one that there is not', async () => {
    await units.owner(`CREATE TABLE market.diary (user_id uuid NOT NULL)`);
    await units.owner(`COMMENT ON TABLE market.diary IS 'owner=user; erase=diaries'`);
    const named = await units.system.run({ id: '' }, (tx) => new OwnedRowsRepository().listHandlerNames(tx));
    expect(named).toContain('diaries');
    expect(await listDataHandlers(units.url)).not.toContain('diaries');
    await units.owner('DROP TABLE market.diary');
  });
});

/** Rows that requests may add for the platform, and then not see: nobody owns work that serves everybody. */
const INSERTS_FOR_THE_PLATFORM: Record<string, string> = {
  'platform.job.shared_work': `(user_id = '${SYSTEM_SCOPE.id}'::uuid)`,
};

/** Rows that all who act for somebody may read, and nobody but their owner write: the policy's whole condition. */
const IS_SOMEBODY =
  "(( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS \"nullif\") IS NOT NULL)";
const READS_OF_SHARED_ROWS: Record<string, string> = {
  'market.harvest_route.public_rows': 'is_public',
  'market.list.shared_rows': `((scope = 'public'::text) AND ${IS_SOMEBODY})`,
  'market.list_item.shared_rows': `((scope = 'public'::text) AND ${IS_SOMEBODY})`,
  'market.message.shared_rows': IS_SOMEBODY,
};

describe('row-level security', () => {
  it('is enabled and forced on every table with a user_id', async () => {
    const open = (await tables()).filter((table) => table.hasUserId && !(table.isEnabled && table.isForced));
    expect(open).toEqual([]);
  });

  it('has a policy for each command that a role may run, and none for everybody', async () => {
    const uncovered = await units.owner(
      `SELECT c.oid::regclass::text AS name, role, command
       FROM pg_class c, unnest($1::text[]) AS role,
         (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS k(command, letter)
       WHERE c.relrowsecurity AND has_table_privilege(role, c.oid, command)
         AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('*', letter::"char")
                           AND role::regrole = ANY (p.polroles))`,
      [[APP, SYSTEM]],
    );
    expect(uncovered).toEqual([]);
    expect(
      await units.owner('SELECT polname FROM pg_policy WHERE 0 = ANY (polroles) OR NOT polpermissive'),
    ).toEqual([]);
  });

  it('compares user_id with the scope, once per statement, in what the application reads and writes', async () => {
    const policies = await units.owner<{
      name: string;
      command: string;
      using: string | null;
      check: string | null;
    }>(
      `SELECT polrelid::regclass || '.' || polname AS name, polcmd AS command,
         pg_get_expr(polqual, polrelid) AS using, pg_get_expr(polwithcheck, polrelid) AS check
       FROM pg_policy WHERE $1::regrole = ANY (polroles)`,
      [APP],
    );
    expect(policies.length).toBeGreaterThan(0);
    const scope = "( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid";
    for (const { name, command, using, check } of policies) {
      if (name in INSERTS_FOR_THE_PLATFORM) {
        expect({ name, command, check }).toEqual({
          name,
          command: 'a',
          check: INSERTS_FOR_THE_PLATFORM[name],
        });
        continue;
      }
      if (name in READS_OF_SHARED_ROWS) {
        expect({ name, command, using }).toEqual({ name, command: 'r', using: READS_OF_SHARED_ROWS[name] });
        continue;
      }
      if (name in CAMPAIGN_POLICIES) {
        expect({ name, ...inWords({ using, check }) }).toEqual({ name, ...CAMPAIGN_POLICIES[name] });
        continue;
      }
      // An account is its own user.
      const own = `(${name === 'identity.account.own_rows' ? 'id' : 'user_id'} = ${scope}`;
      const isOwn = (text: string | null): boolean => (text ?? '').startsWith(own);
      if (command !== 'a') expect({ name, isOwn: isOwn(using) }).toEqual({ name, isOwn: true });
      if (command !== 'r' && command !== 'd')
        expect({ name, isOwn: isOwn(check) }).toEqual({ name, isOwn: true });
    }
  });
});

describe('the roles of requests and workers', () => {
  it('are bound by row-level security and cannot sign in or make roles', async () => {
    expect(
      await units.owner(
        `SELECT rolname AS name, rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication AS "canMore",
           EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS "isMember"
         FROM pg_roles r WHERE rolname = ANY ($1) ORDER BY 1`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([
      { name: APP, canMore: false, isMember: false },
      { name: SYSTEM, canMore: false, isMember: false },
    ]);
  });

  it('own nothing', async () => {
    expect(
      await units.owner(
        `SELECT refobjid::regrole::text, classid::regclass::text, objid FROM pg_shdepend
         WHERE deptype = 'o' AND refobjid = ANY ($1::text[]::regrole[]::oid[])
           AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([]);
  });

  it("may create nothing, neither in a schema nor in the database, except the system role in the queue's own", async () => {
    expect(
      await units.owner(
        `SELECT role, n.nspname FROM unnest($1::text[]) AS role, pg_namespace n
         WHERE has_schema_privilege(role, n.oid, 'CREATE') AND n.nspname NOT LIKE 'pg\\_temp%'
           AND (role, n.nspname) <> ('guildhall_system', 'bullmq')
         UNION ALL
         SELECT role, 'database' FROM unnest($1::text[]) AS role WHERE has_database_privilege(role, current_database(), 'CREATE')`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([]);
  });

  it('may read and write rows, but not truncate tables, refer to them or hang triggers on them', async () => {
    expect(
      await units.owner(
        `SELECT role, c.oid::regclass::text, privilege
         FROM unnest($1::text[]) AS role, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
           unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${OURS} AND has_table_privilege(role, c.oid, privilege)`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([]);
  });

  it('append to the audit trail through its one function, and change nothing of it', async () => {
    expect(
      await units.owner(
        `SELECT role, t AS table, privilege FROM unnest($1::text[]) AS role,
           unnest(ARRAY['platform.audit_event', 'platform.audit_seal', 'platform.audit_detail']) AS t,
           unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS privilege
         WHERE has_table_privilege(role, t, privilege) ORDER BY 1, 2, 3`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([
      { role: SYSTEM, table: 'platform.audit_detail', privilege: 'DELETE' },
      { role: SYSTEM, table: 'platform.audit_seal', privilege: 'INSERT' },
    ]);
    // Bits of tgtype: 2 before, 8 delete, 16 update, 32 truncate; for each statement, always enabled.
    expect(
      await units.owner(
        `SELECT tgrelid::regclass::text AS table FROM pg_trigger
         WHERE tgname = 'refuse_change' AND tgtype & 59 = 58 AND tgenabled = 'O' ORDER BY 1`,
      ),
    ).toEqual([{ table: 'platform.audit_event' }, { table: 'platform.audit_seal' }]);
  });

  it('read the keys of their own user only, and only the system role wraps them anew', async () => {
    expect(
      await units.owner(
        `SELECT role, privilege FROM unnest($1::text[]) AS role, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
         WHERE NOT has_table_privilege(role, 'platform.data_key', privilege)`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([{ role: APP, privilege: 'UPDATE' }]);
  });

  it('read the list of migrations and change nothing in it', async () => {
    expect(
      await units.owner(
        `SELECT role, privilege FROM unnest($1::text[]) AS role, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
         WHERE has_table_privilege(role, 'platform.migration', privilege) ORDER BY 1`,
        [[APP, SYSTEM]],
      ),
    ).toEqual([
      { role: APP, privilege: 'SELECT' },
      { role: SYSTEM, privilege: 'SELECT' },
    ]);
  });
});

describe('grants', () => {
  it('are on parents, never on partitions, which inherit no policies', async () => {
    expect(
      await units.owner(
        `SELECT c.oid::regclass::text AS name, a.grantee::regrole::text AS grantee, a.privilege_type
         FROM pg_class c, aclexplode(c.relacl) a WHERE c.relispartition AND a.grantee <> c.relowner`,
      ),
    ).toEqual([]);
  });

  it('give nothing to everybody', async () => {
    expect(
      await units.owner(
        `SELECT c.oid::regclass::text AS name, a.privilege_type
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
         WHERE a.grantee = 0 AND ${OURS}
         UNION ALL
         SELECT n.nspname, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a
         WHERE a.grantee = 0 AND ${OURS} AND n.nspname <> 'public'`,
      ),
    ).toEqual([]);
  });

  it('come from no default privileges, which would open the next partition', async () => {
    expect(await units.owner('SELECT defaclrole::regrole::text, defaclobjtype FROM pg_default_acl')).toEqual(
      [],
    );
  });
});

describe('functions', () => {
  it("that run with their owner's rights pin their search_path and are not for everybody", async () => {
    const definers = await units.owner<{ name: string; settings: string[] | null; isPublic: boolean }>(
      `SELECT p.oid::regprocedure::text AS name, p.proconfig AS settings, has_function_privilege('public', p.oid, 'EXECUTE') AS "isPublic"
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND ${OURS}`,
    );
    expect(definers.length).toBeGreaterThan(0);
    for (const { name, settings, isPublic } of definers) {
      const path = settings?.find((setting) => setting.startsWith('search_path='));
      expect({ name, path, isPublic }).toEqual({
        name,
        path: 'search_path=pg_catalog, pg_temp',
        isPublic: false,
      });
    }
  });

  it('make partitions in the accepted span only, and none twice', async () => {
    const ensure = (from: string, to: string) =>
      units.app.run({ id: '' }, (tx) =>
        tx.query<{ made: number }>({
          name: 'spec.ensure',
          text: 'SELECT market.ensure_observation_partitions($1::timestamptz, $2::timestamptz) AS made',
          values: [from, to],
        }),
      );
    expect(await ensure('2015-03-31T23:00:00Z', '2015-06-01T00:00:00Z')).toEqual([{ made: 4 }]);
    expect(await ensure('2015-03-31T23:00:00Z', '2015-06-30T23:59:59Z')).toEqual([{ made: 0 }]);
    await expect(ensure('2009-12-31T23:59:59Z', '2010-01-01T00:00:00Z')).rejects.toThrow('from 2010');
    await expect(ensure('2015-02-01T00:00:00Z', '2015-01-01T00:00:00Z')).rejects.toThrow('from 2010');
    await expect(ensure('2015-01-01T00:00:00Z', '2200-01-01T00:00:00Z')).rejects.toThrow('from 2010');
    await expect(ensure('-infinity', 'infinity')).rejects.toThrow('from 2010');
  });

  it('make and drop days of performance rows in the accepted span only', async () => {
    const ask = (sql: string) => units.system.run({ id: '' }, (tx) => tx.query<{ n: number }>(sql));
    const ensure = (first: string, last: string) =>
      ask(`SELECT platform.ensure_performance_partitions(current_date ${first}, current_date ${last}) AS n`);
    expect(await ensure('- 40', '- 38')).toEqual([{ n: 3 }]);
    expect(await ensure('- 40', '- 37')).toEqual([{ n: 1 }]);
    await expect(ensure('- 401', '+ 0')).rejects.toThrow('from 400 days ago');
    await expect(ensure('+ 0', '+ 32')).rejects.toThrow('from 400 days ago');
    await expect(ensure('+ 1', '+ 0')).rejects.toThrow('from 400 days ago');
    await expect(ask('SELECT platform.drop_performance_partitions(0)')).rejects.toThrow('at least one day');
    expect(await ask('SELECT platform.drop_performance_partitions(30) AS n')).toEqual([{ n: 4 }]);
    expect(await ask('SELECT platform.drop_performance_partitions(30) AS n')).toEqual([{ n: 0 }]);
  });
});
