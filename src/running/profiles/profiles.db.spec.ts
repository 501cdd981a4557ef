import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { aMember } from '../../../test/support/notification-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { Audit } from '../../platform/audit/audit.service.js';
import type { DataSink } from '../../platform/data-rights/data-handler.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Principal } from '../../platform/auth/principal.js';
import { FileLinks } from '../../platform/storage/file-links.js';
import { RUN_FIGURES } from '../runs/run-columns.js';
import { RunDefaults } from '../runs/run-defaults.service.js';
import { type RunSource, type Visibility, visibilityOf } from '../runs/run-terms.js';
import { type NewRun, RunsRepository } from '../runs/runs.repository.js';
import { PreferencesReader } from './preferences-reader.service.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';
import { DEFAULT_PREFERENCES } from './preferences.js';
import { ProfilePictures } from './profile-pictures.service.js';
import { PublicRunners } from './public-runners.service.js';
import { RunnerProfilesData } from './runner-profiles-data.handler.js';
import { RunnerProfilesRepository } from './runner-profiles.repository.js';
import { RunnerProfiles } from './runner-profiles.service.js';
import { isUsername } from './username.js';

// Runners and what they want, in their own scopes on a real database.

let units: TestUnits;
let profiles: RunnerProfiles;
let preferences: PreferencesService;
let reader: PreferencesReader;
let open: PublicRunners;
let defaults: RunDefaults;
const runs = new RunsRepository();

beforeAll(async () => {
  units = await openUnits();
  const [rows, wishes] = [new RunnerProfilesRepository(), new PreferencesRepository()];
  const audit = new Audit(new AuditRepository());
  const pictures = new ProfilePictures(new FileLinks([{ kid: 'spec', bytes: randomBytes(32) }]));
  profiles = new RunnerProfiles(units.app, rows, pictures, audit);
  preferences = new PreferencesService(units.app, wishes, runs, audit);
  reader = new PreferencesReader(wishes, rows);
  defaults = new RunDefaults(reader);
  open = new PublicRunners(units.system, rows, pictures);
});

afterAll(() => units.close());

const aRunner = () => aMember(randomUUID());
/** As whoever writes runs makes them. @returns its id */
async function aRun(who: Principal, source: RunSource, privacy: Visibility | null): Promise<string> {
  const id = randomUUID();
  await units.app.run(who, async (tx) => {
    await runs.lockChanges(tx, who.id);
    const inherited = await defaults.visibilityOf(tx, who.id);
    await runs.insertRun(tx, {
      ...Object.fromEntries(RUN_FIGURES.map((name) => [name, null])),
      id,
      userId: who.id,
      source,
      externalId: null,
      status: 'finished',
      title: null,
      description: null,
      sport: 'run',
      privacy,
      visibility: visibilityOf(source, privacy, inherited),
      startedAt: new Date(0),
      finishedAt: null,
      timeZone: null,
      lastSeq: null,
      hasTrack: false,
      trackVersion: 0,
    } as NewRun);
  });
  return id;
}
const aName = (): string => `Ada.${randomBytes(6).toString('hex')}`;
const UNKNOWN = { code: 'running/unknown-runner' };

describe('a profile', () => {
  it('is made once, by whichever first use comes first', async () => {
    const ada = aRunner();
    const seen = await Promise.all(Array.from({ length: 4 }, () => profiles.own(ada)));
    expect(new Set(seen.map(({ username }) => username)).size).toBe(1);
    expect(isUsername(seen[0]!.username)).toBe(true);
    expect(seen[0]).toMatchObject({
      id: ada.id,
      displayName: null,
      pictureUrl: null,
      timeZone: 'UTC',
      version: 1,
    });
  });

  it('has a name that nobody else has, however it is written', async () => {
    const [ada, eve] = [aRunner(), aRunner()];
    const username = aName();
    const mine = await profiles.change(ada, { username }, 1);
    expect(mine).toMatchObject({ username, version: 2 });
    const taken = profiles.change(eve, { username: username.toUpperCase() }, undefined);
    await expect(taken).rejects.toMatchObject({ code: 'running/username-taken' });
    expect(await profiles.change(ada, { username: username.toUpperCase() }, 2)).toMatchObject({ version: 3 });
    await profiles.change(ada, { username: aName() }, undefined);
    expect(await profiles.change(eve, { username }, undefined)).toMatchObject({ username });
  });

  it('is changed by two at once under two names, and both have one', async () => {
    const username = aName();
    const outcomes = await Promise.allSettled(
      [aRunner(), aRunner()].map((who) => profiles.change(who, { username }, undefined)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is not changed by who has seen another version', async () => {
    const ada = aRunner();
    await profiles.change(ada, { displayName: 'Ada' }, undefined);
    const stale = profiles.change(ada, { displayName: 'Eve' }, 1);
    await expect(stale).rejects.toMatchObject({ code: 'running/stale' });
    expect(await profiles.change(ada, { displayName: null }, 2)).toMatchObject({ displayName: null });
  });

  it('is seen by others under its name and id while it is public, and by its owner always', async () => {
    const [ada, eve] = [aRunner(), aRunner()];
    const { username } = await profiles.change(ada, { username: aName(), displayName: 'Ada' }, undefined);
    const asks = (who: typeof eve) =>
      Promise.allSettled(
        [username, username.toLowerCase(), ada.id, ada.id.toUpperCase()].map((name) => open.find(who, name)),
      );
    const stays = async (status: string, who = eve): Promise<void> =>
      expect(new Set((await asks(who)).map((outcome) => outcome.status))).toEqual(new Set([status]));
    await stays('rejected');
    await stays('fulfilled', ada);
    await preferences.change(ada, { privacyProfile: 'friends' }, undefined);
    await stays('rejected');
    await preferences.change(ada, { privacyProfile: 'public' }, undefined);
    await stays('fulfilled');
    expect(Object.keys(await open.find(eve, username)).sort()).toEqual(
      ['createdAt', 'displayName', 'id', 'pictureUrl', 'pictureUrlExpiresAt', 'username'].sort(),
    );
    await preferences.change(ada, { privacyProfile: 'private' }, undefined);
    await stays('rejected');
    for (const nobody of [randomUUID(), aName(), '..', '', 'a\0b'])
      await expect(open.find(eve, nobody)).rejects.toMatchObject(UNKNOWN);
  });
});

describe('preferences', () => {
  it('are the defaults of version 1 until they are changed', async () => {
    const ada = aRunner();
    expect(await preferences.own(ada)).toEqual({ ...DEFAULT_PREFERENCES, version: 1 });
    const changed = await preferences.change(ada, { unitsDistance: 'imperial', maxHeartRateBpm: 190 }, 1);
    expect(changed).toEqual({
      ...DEFAULT_PREFERENCES,
      unitsDistance: 'imperial',
      maxHeartRateBpm: 190,
      version: 2,
    });
    const stale = preferences.change(ada, { unitsDistance: 'metric' }, 1);
    await expect(stale).rejects.toMatchObject({ code: 'running/stale' });
    const wrong = preferences.change(ada, { thresholdHeartRateBpm: 195 }, undefined);
    await expect(wrong).rejects.toMatchObject({ code: 'running/heart-rates-disagree' });
    expect(await preferences.own(ada)).toEqual(changed);
    expect(await units.system.run(SYSTEM_SCOPE, (tx) => reader.of(tx, ada.id))).toMatchObject({
      maxHeartRateBpm: 190,
    });
    expect(await units.app.run(aRunner(), (tx) => reader.of(tx, ada.id))).toEqual(DEFAULT_PREFERENCES);
  });

  it('decide at once who may see runs without a choice of their own', async () => {
    const [ada, eve] = [aRunner(), aRunner()];
    const kinds = [
      await aRun(ada, 'app', null),
      await aRun(ada, 'imported', 'private'),
      await aRun(ada, 'strava', null),
      await aRun(eve, 'app', null),
    ];
    const seen = async (): Promise<string[]> => {
      const rows = await units.owner<{ id: string; visibility: string }>(
        'SELECT id, visibility FROM running.run',
      );
      return kinds.map((id) => rows.find((row) => row.id === id)!.visibility);
    };
    expect(await seen()).toEqual(['private', 'private', 'private', 'private']);
    await preferences.change(ada, { privacyRuns: 'public' }, undefined);
    expect(await seen()).toEqual(['public', 'private', 'private', 'private']);
    kinds.push(await aRun(ada, 'imported', null));
    expect(await seen()).toEqual(['public', 'private', 'private', 'private', 'public']);
    await preferences.change(ada, { privacyRuns: 'private' }, undefined);
    expect(await seen()).toEqual(['private', 'private', 'private', 'private', 'private']);
  });

  it('leave no run behind that comes in while they change', async () => {
    const ada = aRunner();
    const wishes = ['public', 'friends', 'private', 'public'] as const;
    const made: string[] = [];
    for (const privacyRuns of wishes) {
      const [, ...ids] = await Promise.all([
        preferences.change(ada, { privacyRuns }, undefined),
        aRun(ada, 'app', null),
        aRun(ada, 'imported', null),
      ]);
      made.push(...ids);
      const rows = await units.owner<{ visibility: string }>(
        'SELECT DISTINCT visibility FROM running.run WHERE user_id = $1',
        [ada.id],
      );
      expect(rows).toEqual([{ visibility: privacyRuns }]);
    }
    expect(made).toHaveLength(8);
  });

  it('leave what was changed in the trail, and no figures of the body', async () => {
    const ada = aRunner();
    await preferences.change(
      ada,
      { privacyRuns: 'public', restingHeartRateBpm: 47, sex: 'female' },
      undefined,
    );
    const [event] = await units.owner<{ before: object; after: object }>(
      `SELECT d.before, d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.object_id = $1 AND e.action = 'running.preferences-changed'`,
      [ada.id],
    );
    expect(event).toEqual({
      before: { privacyProfile: 'private', privacyRuns: 'private' },
      after: {
        privacyProfile: 'private',
        privacyRuns: 'public',
        changed: ['privacyRuns', 'restingHeartRateBpm', 'sex'],
      },
    });
  });
});

describe('a time zone', () => {
  it('is that of the profile, and UTC for whoever has none', async () => {
    const ada = aRunner();
    const zone = () => units.app.run(ada, (tx) => reader.timeZoneOf(tx, ada.id));
    expect(await zone()).toBe('UTC');
    await profiles.change(ada, { timeZone: 'Asia/Kolkata' }, undefined);
    expect(await zone()).toBe('Asia/Kolkata');
  });
});

describe('what a runner has', () => {
  it('is exported, and erased with the rest', async () => {
    const [ada, eve] = [aRunner(), aRunner()];
    for (const who of [ada, eve]) {
      await profiles.change(who, { displayName: 'Somebody' }, undefined);
      await preferences.change(who, { maxHeartRateBpm: 187 }, undefined);
    }
    const handler = new RunnerProfilesData(new OwnedRowsRepository());
    const exported: Record<string, object[]> = {};
    const sink: DataSink = {
      rows: async (table, portions) => {
        for await (const rows of portions)
          (exported[table] ??= []).push(...rows.map((row) => JSON.parse(row)));
      },
      file: () => undefined,
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, ada.id, sink));
    expect(exported).toMatchObject({
      'running.profile': [{ display_name: 'Somebody', time_zone: 'UTC' }],
      'running.preference': [{ max_heart_rate_bpm: 187, privacy_runs: 'private' }],
    });
    await units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, ada.id));
    const left = await units.owner<{ user_id: string }>(
      'SELECT user_id FROM running.profile UNION ALL SELECT user_id FROM running.preference',
    );
    expect(left.filter(({ user_id }) => user_id === ada.id)).toEqual([]);
    expect(left.filter(({ user_id }) => user_id === eve.id)).toHaveLength(2);
  });
});
