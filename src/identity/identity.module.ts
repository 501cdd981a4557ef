import { type DynamicModule, Module } from '@nestjs/common';
import { AUTHENTICATOR } from '../platform/auth/authenticator.js';
import { StorageModule } from '../platform/storage/storage.module.js';
import { AccountMailHandler } from './accounts/account-mail.handler.js';
import { AccountAddresses } from './accounts/account-addresses.service.js';
import { AccountMails } from './accounts/account-mails.service.js';
import { AccountController } from './accounts/account.controller.js';
import { AddressChangeController } from './accounts/address-change.controller.js';
import { AddressChange } from './accounts/address-change.service.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { Accounts } from './accounts/accounts.service.js';
import { AddressConfirmation } from './accounts/address-confirmation.service.js';
import { AdminAccountsController } from './accounts/admin-accounts.controller.js';
import { AdminAccounts } from './accounts/admin-accounts.service.js';
import { ChangePassword } from './accounts/change-password.service.js';
import { EndSessions } from './accounts/end-sessions.service.js';
import { ForgetExpiredHandler } from './accounts/forget-expired.handler.js';
import { OneTimeTokensRepository } from './accounts/one-time-tokens.repository.js';
import { NamedAccounts } from './accounts/named-accounts.service.js';
import { OperatorAccounts } from './accounts/operator-accounts.service.js';
import { PasswordReset } from './accounts/password-reset.service.js';
import { PasswordProofs } from './accounts/password-proofs.service.js';
import { Passwords } from './accounts/passwords.service.js';
import { Registration } from './accounts/registration.service.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { ApiKeysRepository } from './keys/api-keys.repository.js';
import { ApiKeys, KeyVerifier } from './keys/api-keys.service.js';
import { KeyUses } from './keys/key-uses.service.js';
import { LostSecondFactors } from './mfa/lost-second-factors.service.js';
import { SecondFactorController } from './mfa/second-factor.controller.js';
import { SecondFactorsRepository } from './mfa/second-factors.repository.js';
import { SecondFactors } from './mfa/second-factors.service.js';
import { SignInChallenges } from './mfa/sign-in-challenges.service.js';
import { TotpController } from './mfa/totp.controller.js';
import { Totp } from './mfa/totp.service.js';
import { AccountRights, ProviderConnections, ProviderWays } from './identity.public.js';
import { AuthorizationRequestsRepository } from './connections/authorization-requests.repository.js';
import { Authorizations } from './connections/authorizations.service.js';
import { Connect } from './connections/connect.service.js';
import { ConnectionSecrets } from './connections/connection-secrets.service.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { ConnectionsRepository } from './connections/connections.repository.js';
import { Connections } from './connections/connections.service.js';
import { Disconnect } from './connections/disconnect.service.js';
import { AccountParting } from './connections/account-parting.service.js';
import { ExpireGrantHandler } from './connections/expire-grant.handler.js';
import { ForgetAuthorizationsHandler } from './connections/forget-authorizations.handler.js';
import { OauthClient } from './connections/oauth.client.js';
import { PartingTokensRepository } from './connections/parting-tokens.repository.js';
import { PartingTokens } from './connections/parting-tokens.service.js';
import { ReplacedGrants } from './connections/replaced-grants.service.js';
import { PendingGrantsRepository } from './connections/pending-grants.repository.js';
import { PendingGrants } from './connections/pending-grants.service.js';
import { ProviderRegistry } from './connections/provider-registry.service.js';
import { RevokeTokenHandler } from './connections/revoke-token.handler.js';
import { ExchangeCode } from './external/exchange-code.service.js';
import { ExternalAccounts } from './external/external-accounts.service.js';
import { ExternalIdentitiesRepository } from './external/external-identities.repository.js';
import { ExternalSignIn } from './external/external-sign-in.service.js';
import { ExternalController } from './external/external.controller.js';
import { IdentitiesController } from './external/identities.controller.js';
import { IdentityLinks } from './external/identity-links.service.js';
import { LinkIdentity } from './external/link-identity.service.js';
import { SignInCodesRepository } from './external/sign-in-codes.repository.js';
import { TrustedIssuers } from './external/trusted-issuers.service.js';
import { TrustedTokens } from './external/trusted-tokens.service.js';
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
import { SignInPasswords } from './sessions/sign-in-passwords.service.js';
import { SignInRefusals } from './sessions/sign-in-refusals.service.js';
import { SignIn } from './sessions/sign-in.service.js';
import { StepUp } from './sessions/step-up.service.js';
import { WsTickets } from './sessions/ws-tickets.service.js';
import { AccountGrants } from './tokens/account-grants.service.js';
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
  AddressChangeController,
  AdminAccountsController,
  JwksController,
  SecondFactorController,
  TotpController,
  ApiKeysController,
  ConnectionsController,
  ExternalController,
  IdentitiesController,
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
  AccountAddresses,
  AccountMails,
  Registration,
  AddressConfirmation,
  AddressChange,
  PasswordReset,
  Accounts,
  ChangePassword,
  PasswordProofs,
  AdminAccounts,
  NamedAccounts,
  OperatorAccounts,
  OpenSessions,
  SignIn,
  SignInPasswords,
  SignInRefusals,
  Sessions,
  StepUp,
  WsTickets,
  IdentityAuthenticator,
  AccountMailHandler,
  ForgetExpiredHandler,
  KeepKeysFreshHandler,
  AccountGrants,
  AccountRights,
  ProviderConnections,
  ProviderWays,
  SecondFactorsRepository,
  SecondFactors,
  SignInChallenges,
  LostSecondFactors,
  Totp,
  ApiKeysRepository,
  ApiKeys,
  KeyVerifier,
  KeyUses,
  AuthorizationRequestsRepository,
  ConnectionsRepository,
  PartingTokensRepository,
  PartingTokens,
  ReplacedGrants,
  PendingGrantsRepository,
  PendingGrants,
  AccountParting,
  ProviderRegistry,
  OauthClient,
  Authorizations,
  ConnectionSecrets,
  Connections,
  Connect,
  Disconnect,
  RevokeTokenHandler,
  ExpireGrantHandler,
  ForgetAuthorizationsHandler,
  ExternalIdentitiesRepository,
  SignInCodesRepository,
  ExternalAccounts,
  ExternalSignIn,
  ExchangeCode,
  IdentityLinks,
  LinkIdentity,
  TrustedIssuers,
  TrustedTokens,
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
      exports: [
        AUTHENTICATOR,
        AccountRights,
        ProviderConnections,
        ProviderWays,
        ProviderRegistry,
        Connections,
      ],
    };
  }
}
