import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRunner } from '../running.errors.js';
import type { PublicRunnerDto } from './profiles.dto.js';
import { toPublicRunnerDto } from './profiles.mapper.js';
import { ProfilePictures } from './profile-pictures.service.js';
import { type ProfileRow, RunnerProfilesRepository } from './runner-profiles.repository.js';
import { foldUsername, isUsername } from './username.js';

/** Runners as others see them. The platform's role looks them up; the statement itself says who may see whom. */
@Injectable()
export class PublicRunners {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly profiles: RunnerProfilesRepository,
    private readonly pictures: ProfilePictures,
  ) {}

  /** @param nameOrId username, or id of the account @throws DomainError unknown runner, for one who does not want to be seen, too */
  async find(caller: Principal, nameOrId: string): Promise<PublicRunnerDto> {
    const row = await this.findVisible(caller, nameOrId);
    if (row === null) throw unknownRunner();
    return toPublicRunnerDto(row, this.pictures.linkOf(row));
  }

  /** The same as a row; null for whom {@link find} does not know. */
  async findVisible(caller: Principal, nameOrId: string): Promise<ProfileRow | null> {
    const id = nameOrId.toLowerCase();
    if (!isUuid(id) && !isUsername(nameOrId)) return null;
    const wanted = isUuid(id) ? { userId: id } : { usernameFold: foldUsername(nameOrId) };
    const statement = this.profiles.findVisible(wanted, caller.id);
    return (await this.system.read<ProfileRow>(SYSTEM_SCOPE, statement))[0] ?? null;
  }
}
