import { type DynamicModule, Module } from '@nestjs/common';
import { AUTHENTICATOR } from '../platform/auth/authenticator.js';
import { Mailer } from '../platform/notifications/mailer.service.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { AccountMailHandler } from './accounts/account-mail.handler.js';
import { AccountMails } from './accounts/account-mails.service.js';
import { AccountController } from './accounts/account.controller.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { Accounts } from './accounts/accounts.service.js';
import { AddressConfirmation } from './accounts/address-confirmation.service.js';
import { AdminAccountsController } from './accounts/admin-accounts.controller.js';
import { AdminAccounts } from './accounts/admin-accounts.service.js';
import { EndSessions } from './accounts/end-sessions.service.js';
import { ForgetExpiredHandler } from './accounts/forget-expired.handler.js';
import { OneTimeTokensRepository } from './accounts/one-time-tokens.repository.js';
import { OperatorAccounts } from './accounts/operator-accounts.service.js';
import { PasswordReset } from './accounts/password-reset.service.js';
import { Passwords } from './accounts/passwords.service.js';
import { Registration } from './accounts/registration.service.js';
import { AccountErasure } from './data-rights/account-erasure.service.js';
import { AccountExportController } from './data-rights/account-export.controller.js';
import { AccountExports } from './data-rights/account-exports.service.js';
import { EraseAccountHandler } from './data-rights/erase-account.handler.js';
import { ErasuresRepository } from './data-rights/erasures.repository.js';
import { ExportAccountHandler } from './data-rights/export-account.handler.js';
import { IdentityData } from './data-rights/identity-data.handler.js';
import { OperatorErasure } from './data-rights/operator-erasure.service.js';
import { SweepErasuresHandler } from './data-rights/sweep-erasures.handler.js';
import { IdentityAuthenticator } from './identity-authenticator.service.js';
import { AuthController } from './sessions/auth.controller.js';
import { OpenSessions } from './sessions/open-sessions.service.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { Sessions } from './sessions/sessions.service.js';
import { SignIn } from './sessions/sign-in.service.js';
import { WsTickets } from './sessions/ws-tickets.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { JwksController } from './tokens/jwks.controller.js';
import { KeepKeysFreshHandler } from './tokens/keep-keys-fresh.handler.js';
import { SigningKeys } from './tokens/signing-keys.service.js';
import { RevocationsRepository } from './tokens/revocations.repository.js';
import { Revocations } from './tokens/revocations.service.js';
import { SigningKeysRepository } from './tokens/signing-keys.repository.js';

const CONTROLLERS = [
  AuthController,
  AccountController,
  AdminAccountsController,
  JwksController,
  AccountExportController,
];
const PROVIDERS = [
  AccountsRepository,
  OneTimeTokensRepository,
  SessionsRepository,
  SigningKeysRepository,
  RevocationsRepository,
  SigningKeys,
  AccessTokens,
  Revocations,
  Passwords,
  EndSessions,
  AccountMails,
  Registration,
  AddressConfirmation,
  PasswordReset,
  Accounts,
  AdminAccounts,
  OperatorAccounts,
  OpenSessions,
  SignIn,
  Sessions,
  WsTickets,
  IdentityAuthenticator,
  AccountMailHandler,
  ForgetExpiredHandler,
  KeepKeysFreshHandler,
  Mailer,
  ErasuresRepository,
  AccountErasure,
  OperatorErasure,
  AccountExports,
  IdentityData,
  ExportAccountHandler,
  EraseAccountHandler,
  SweepErasuresHandler,
];

/** Accounts, sessions and tokens. Global, since the guard of every route asks its authenticator. */
@Module({})
export class IdentityModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: IdentityModule,
      global: true,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: [...PROVIDERS, { provide: AUTHENTICATOR, useExisting: IdentityAuthenticator }],
      exports: [AUTHENTICATOR],
    };
  }
}
