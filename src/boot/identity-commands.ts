import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import type { AccountName } from '../identity/accounts/named-accounts.service.js';
import { OperatorAccounts } from '../identity/accounts/operator-accounts.service.js';
import { LostSecondFactors } from '../identity/mfa/lost-second-factors.service.js';
import { OperatorErasure } from '../identity/data-rights/operator-erasure.service.js';
import { SigningKeys } from '../identity/tokens/signing-keys.service.js';
import { ROLES, type Role } from '../platform/auth/principal.js';
import { StartupError } from '../platform/config/startup-error.js';

export const IDENTITY_USAGE = `  admin create --email <address> [--role administrator] [--password-stdin]
                                   make an account; prints a random password unless one is given
  account reset-password --email <address> [--password-stdin]
                                   set a password, sign all its devices out, delete its API keys
  account remove-second-factor (--email <address> | --id <account id>)
                                   when phone and recovery codes are lost: signing in asks for the password alone
  account erase (--email <address> | --id <account id>)
                                   delete an account and all that is known of it, and wait for the end
  identity rotate-keys [--now]     a new signing key, after ten minutes or at once; at once voids every access token
`;

type Say = (line: string) => void;

/** The operator's commands on accounts and keys. @throws StartupError with a sentence for the operator */
export async function runIdentityCommand(
  app: INestApplicationContext,
  words: readonly string[],
  say: Say,
): Promise<void> {
  const { values, positionals } = parse(words);
  const name = positionals.join(' ');
  const operator = app.get(OperatorAccounts, { strict: false });
  if (name === 'identity rotate-keys') {
    const signsFrom = await app.get(SigningKeys, { strict: false }).rotate(values.now);
    say(`the new key signs from ${signsFrom.toISOString()}`);
    if (values.now) say('all processes refuse the tokens so far within a second; clients refresh theirs');
    return;
  }
  if (name === 'account remove-second-factor') {
    await app.get(LostSecondFactors, { strict: false }).remove(accountOf(values));
    say('done');
    return;
  }
  if (name === 'account erase') {
    const report = (done: number, total: number): void => say(`${done} of ${total}`);
    await app.get(OperatorErasure, { strict: false }).erase(accountOf(values), report);
    say('erased');
    return;
  }
  if (values.email === undefined) throw new StartupError(`--email is missing.\n${IDENTITY_USAGE}`);
  const given = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
  let password: string;
  if (name === 'admin create') password = await operator.create(values.email, roleOf(values.role), given);
  else if (name === 'account reset-password') {
    const reset = await operator.resetPassword(values.email, given);
    ({ password } = reset);
    say(`API keys deleted: ${reset.deletedKeys}`);
    say(`sign-ins elsewhere that stay linked: ${reset.linkedIdentities}`);
  } else throw new StartupError(`There is no command ${name}.\n${IDENTITY_USAGE}`);
  say(given === undefined ? `password ${password}` : 'done');
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        id: { type: 'string' },
        role: { type: 'string', default: 'administrator' },
        'password-stdin': { type: 'boolean', default: false },
        now: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${IDENTITY_USAGE}`);
  }
}

/** Those who came by another issuer have no address: their id names them. */
function accountOf({ email, id }: { email?: string | undefined; id?: string | undefined }): AccountName {
  if (id !== undefined && email === undefined) return { id };
  if (email !== undefined && id === undefined) return { email };
  throw new StartupError(`One of --email and --id is needed.\n${IDENTITY_USAGE}`);
}

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (!role) throw new StartupError(`--role takes ${ROLES.join(' or ')}.`);
  return role;
}
