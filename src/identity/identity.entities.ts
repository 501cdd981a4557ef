import { AccountEntity } from './accounts/account.entity.js';
import { OneTimeTokenEntity } from './accounts/one-time-token.entity.js';
import { ApiKeyEntity } from './keys/api-key.entity.js';
import { RecoveryCodeEntity } from './mfa/recovery-code.entity.js';
import { SignInChallengeEntity } from './mfa/sign-in-challenge.entity.js';
import { TotpEntity } from './mfa/totp.entity.js';
import { AuthorizationRequestEntity } from './connections/authorization-request.entity.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { PendingGrantEntity } from './connections/pending-grant.entity.js';
import { PartingTokenEntity } from './connections/parting-token.entity.js';
import { DepartedIdentityEntity } from './external/departed-identity.entity.js';
import { ExternalIdentityEntity } from './external/external-identity.entity.js';
import { SignInCodeEntity } from './external/sign-in-code.entity.js';
import { ErasureEntity } from './data-rights/erasure.entity.js';
import { ErasureStepEntity } from './data-rights/erasure-step.entity.js';
import { SessionEntity } from './sessions/session.entity.js';
import { RevocationEntity } from './tokens/revocation.entity.js';
import { SigningKeyEntity } from './tokens/signing-key.entity.js';

/** Tables of the schema `identity`. */
export const IDENTITY_ENTITIES = [
  AccountEntity,
  SessionEntity,
  OneTimeTokenEntity,
  SigningKeyEntity,
  RevocationEntity,
  TotpEntity,
  RecoveryCodeEntity,
  SignInChallengeEntity,
  ApiKeyEntity,
  ConnectionEntity,
  PartingTokenEntity,
  PendingGrantEntity,
  AuthorizationRequestEntity,
  ExternalIdentityEntity,
  DepartedIdentityEntity,
  SignInCodeEntity,
  ErasureEntity,
  ErasureStepEntity,
] as const;
