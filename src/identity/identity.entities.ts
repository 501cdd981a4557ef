import { AccountEntity } from './accounts/account.entity.js';
import { OneTimeTokenEntity } from './accounts/one-time-token.entity.js';
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
  ErasureEntity,
  ErasureStepEntity,
] as const;
