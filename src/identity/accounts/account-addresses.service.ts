import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Recipients } from '../../platform/notifications/recipients.service.js';
import { AccountsRepository } from './accounts.repository.js';

/** Tells the platform where an account reads its mail: at an address that it has proved, while it may sign in. */
@Injectable()
export class AccountAddresses implements OnModuleInit {
  constructor(
    private readonly recipients: Recipients,
    private readonly accounts: AccountsRepository,
  ) {}

  onModuleInit(): void {
    this.recipients.askAt(async (tx, userId) => {
      const account = await this.accounts.findAccount(tx, userId);
      return account?.verifiedAt && !account.lockedAt ? (account.email ?? undefined) : undefined;
    });
  }
}
