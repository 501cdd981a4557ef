import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { assertSeen, usernameTaken } from '../running.errors.js';
import type { RunnerProfileDto } from './profiles.dto.js';
import { toRunnerProfileDto } from './profiles.mapper.js';
import { ProfilePictures } from './profile-pictures.service.js';
import {
  type ProfileFields,
  type ProfileRow,
  RunnerProfilesRepository,
} from './runner-profiles.repository.js';
import { madeUpUsername } from './username.js';

/** 31^10 names: that one is taken happens to nobody, that two are is a fault of ours. */
const NAME_BYTES = 10;
const MOST_TRIES = 3;

export type ProfileChange = { readonly [Key in keyof ProfileFields]?: ProfileFields[Key] | undefined };

/** The caller's own profile, made on its first use under a name that can be changed. */
@Injectable()
export class RunnerProfiles {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly profiles: RunnerProfilesRepository,
    private readonly pictures: ProfilePictures,
    private readonly audit: Audit,
  ) {}

  async own(caller: Principal): Promise<RunnerProfileDto> {
    const [row] = await this.uow.read<ProfileRow>(caller, this.profiles.readOwn(caller.id));
    return this.show(row ?? (await this.uow.run(caller, (tx) => this.lockOwn(tx, caller.id))));
  }

  /** @param seen version by If-Match @throws DomainError another version; a name that somebody else has */
  async change(
    caller: Principal,
    change: ProfileChange,
    seen: number | undefined,
  ): Promise<RunnerProfileDto> {
    const row = await this.uow.run(caller, async (tx) => {
      const before = await this.lockOwn(tx, caller.id);
      assertSeen(seen, before.version, 'profile');
      const to: ProfileFields = {
        username: change.username ?? before.username,
        displayName: change.displayName === undefined ? before.displayName : change.displayName,
        timeZone: change.timeZone ?? before.timeZone,
      };
      const after = await this.profiles.updateFields(tx, caller.id, to);
      if (after === null) throw usernameTaken();
      await this.audit.record(tx, caller, {
        action: 'running.profile-changed',
        object: { type: 'running.profile', id: caller.id },
        before: fieldsOf(before),
        after: fieldsOf(after),
      });
      return after;
    });
    return this.show(row);
  }

  /** In its owner's scope. Made where there is none. */
  async lockOwn(tx: Tx, userId: string): Promise<ProfileRow> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const row = await this.profiles.lockProfile(tx, userId);
      if (row !== null) return row;
      await this.profiles.insertProfile(tx, userId, madeUpUsername(randomBytes(NAME_BYTES)));
    }
    throw new Error('No profile can be made: made-up names are taken again and again');
  }

  show(row: ProfileRow): RunnerProfileDto {
    return toRunnerProfileDto(row, this.pictures.linkOf(row));
  }
}

function fieldsOf({ username, displayName, timeZone }: ProfileRow): ProfileFields {
  return { username, displayName, timeZone };
}
