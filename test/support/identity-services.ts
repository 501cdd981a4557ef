import { AccountsRepository } from '../../src/identity/accounts/accounts.repository.js';
import { AdminAccounts } from '../../src/identity/accounts/admin-accounts.service.js';
import { ChangePassword } from '../../src/identity/accounts/change-password.service.js';
import { EndSessions } from '../../src/identity/accounts/end-sessions.service.js';
import { OperatorAccounts } from '../../src/identity/accounts/operator-accounts.service.js';
import { PasswordProofs } from '../../src/identity/accounts/password-proofs.service.js';
import { Passwords } from '../../src/identity/accounts/passwords.service.js';
import { ExternalIdentitiesRepository } from '../../src/identity/external/external-identities.repository.js';
import { TrustedTokens } from '../../src/identity/external/trusted-tokens.service.js';
import { ApiKeysRepository } from '../../src/identity/keys/api-keys.repository.js';
import { ApiKeys } from '../../src/identity/keys/api-keys.service.js';
import { SecondFactorsRepository } from '../../src/identity/mfa/second-factors.repository.js';
import { SecondFactors } from '../../src/identity/mfa/second-factors.service.js';
import { SignInChallenges } from '../../src/identity/mfa/sign-in-challenges.service.js';
import { Totp } from '../../src/identity/mfa/totp.service.js';
import { OpenSessions } from '../../src/identity/sessions/open-sessions.service.js';
import { SessionsRepository } from '../../src/identity/sessions/sessions.repository.js';
import { SignInPasswords } from '../../src/identity/sessions/sign-in-passwords.service.js';
import { SignInRefusals } from '../../src/identity/sessions/sign-in-refusals.service.js';
import { SignIn } from '../../src/identity/sessions/sign-in.service.js';
import { AccountGrants } from '../../src/identity/tokens/account-grants.service.js';
import { AccessTokens } from '../../src/identity/tokens/access-tokens.service.js';
import { SigningKeys } from '../../src/identity/tokens/signing-keys.service.js';
import { Revocations } from '../../src/identity/tokens/revocations.service.js';
import { RevocationsRepository } from '../../src/identity/tokens/revocations.repository.js';
import { SigningKeysRepository } from '../../src/identity/tokens/signing-keys.repository.js';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { type Env, parseEnvironment } from '../../src/platform/config/env.js';
import { DomainRoles } from '../../src/platform/auth/domain-roles.js';
import { RateLimits } from '../../src/platform/http/rate-limits.service.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import type { Vault } from '../../src/platform/vault/vault.service.js';
import type { TestUnits } from './units.js';
import { openVault } from './vault-world.js';

/** Identity's services on a database of one's own, as one process has them. */
export interface IdentityServices {
  env: Env;
  keys: SigningKeys;
  tokens: AccessTokens;
  revocations: Revocations;
  sessions: OpenSessions;
  signIns: SignIn;
  operator: OperatorAccounts;
  passwords: Passwords;
  factors: SecondFactors;
  challenges: SignInChallenges;
  totp: Totp;
  roles: DomainRoles;
  vault: Vault;
  ending: EndSessions;
  signInPasswords: SignInPasswords;
  changes: ChangePassword;
  admin: AdminAccounts;
  apiKeys: ApiKeys;
}

/** @param variables of the environment, besides NODE_ENV=test */
export function newIdentity(units: TestUnits, variables: Record<string, string> = {}): IdentityServices {
  const env = parseEnvironment({ NODE_ENV: 'test', ...variables });
  const audit = new Audit(new AuditRepository());
  const { vault } = openVault(units, 'identity');
  const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
  const accounts = new AccountsRepository();
  const roles = new DomainRoles();
  const sessionRows = new SessionsRepository();
  const revocationRows = new RevocationsRepository();
  const keys = new SigningKeys(
    units.system,
    new SigningKeysRepository(),
    vault,
    audit,
    revocationRows,
    logger,
  );
  const tokens = new AccessTokens(keys, env, new AccountGrants(units.system, roles));
  const revocations = new Revocations(units.app, revocationRows, logger, keys, vault);
  const sessions = new OpenSessions(units.app, units.system, sessionRows, tokens, revocations, audit, env);
  const passwords = new Passwords();
  const factorRows = new SecondFactorsRepository();
  const keyRows = new ApiKeysRepository();
  const identities = new ExternalIdentitiesRepository();
  const ending = new EndSessions(accounts, sessionRows, factorRows, keyRows, revocations);
  const limits = new RateLimits(env, units.system);
  const factors = new SecondFactors(units.system, factorRows, vault, limits, audit);
  const challenges = new SignInChallenges(units.system, factorRows, factors, accounts, sessions, audit);
  const refusals = new SignInRefusals(units.system, limits, audit);
  const trusted = new TrustedTokens(identities, revocations);
  const proofs = new PasswordProofs(passwords, limits);
  const signInPasswords = new SignInPasswords(units.system, accounts, passwords, limits, env);
  return {
    signInPasswords,
    changes: new ChangePassword(units.system, accounts, passwords, proofs, ending, audit),
    admin: new AdminAccounts(units.system, accounts, ending, keyRows, audit, env),
    apiKeys: new ApiKeys(units.app, keyRows, accounts, revocations, audit),
    env,
    factors,
    challenges,
    totp: new Totp(units.app, factorRows, factors, accounts, vault, trusted, audit),
    roles,
    vault,
    ending,
    keys,
    tokens,
    revocations,
    sessions,
    passwords,
    signIns: new SignIn(units.system, accounts, signInPasswords, sessions, challenges, refusals, env),
    operator: new OperatorAccounts(units.system, accounts, passwords, ending, identities, audit),
  };
}
