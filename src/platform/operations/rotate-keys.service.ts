import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { Jobs } from '../jobs/jobs.service.js';
import { KeyRotation } from '../vault/key-rotation.service.js';
import { ROTATE_KEYS } from './rotate-keys.jobs.js';

/** A new SECRETS_KEY is taken into use by restarting: the first worker that starts has the data keys wrapped anew. */
@Injectable()
export class RotateKeysRequests {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly jobs: Jobs,
    private readonly rotation: KeyRotation,
  ) {}

  async catchUp(): Promise<void> {
    if (!(await this.rotation.isDue())) return;
    await this.system.run(SYSTEM_SCOPE, (tx) => this.jobs.enqueue(tx, SYSTEM_SCOPE, ROTATE_KEYS, {}));
  }
}
