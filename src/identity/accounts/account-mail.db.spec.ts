import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { codeOf, Mailbox, type ReceivedMail } from '../../../test/support/mailbox.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { Mailer } from '../../platform/notifications/mailer.service.js';
import { ExternalIdentitiesRepository } from '../external/external-identities.repository.js';
import { AccountMailHandler } from './account-mail.handler.js';
import { AccountsRepository } from './accounts.repository.js';
import type { OneTimeTokenKind } from './one-time-token.entity.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

let units: TestUnits;
let mailbox: Mailbox;
let mailer: Mailer;
let handler: AccountMailHandler;
const accounts = new AccountsRepository();
const tokens = new OneTimeTokensRepository();
const identities = new ExternalIdentitiesRepository();

beforeAll(async () => {
  units = await openUnits();
  mailbox = await Mailbox.open();
  mailer = new Mailer(parseEnvironment({ SMTP_URL: mailbox.url }));
  handler = new AccountMailHandler(units.system, accounts, tokens, identities, mailer);
});

afterAll(async () => {
  mailer.onApplicationShutdown();
  await mailbox.close();
  await units.close();
});

async function newAccount(isConfirmed: boolean): Promise<string> {
  const account = { id: randomUUID(), passwordHash: 'none', displayName: null };
  const email = `${account.id}@example.org`;
  await units.app.run(account, (tx) => accounts.insertAccount(tx, { ...account, email }));
  if (isConfirmed) await units.system.run(SYSTEM_SCOPE, (tx) => accounts.updateVerified(tx, account.id));
  return account.id;
}

const counts = (mail: ReceivedMail, kind: OneTimeTokenKind): Promise<boolean> =>
  units.system.run(
    SYSTEM_SCOPE,
    async (tx) => (await tokens.findOwner(tx, sha256(codeOf(mail)), kind)) !== null,
  );

describe('mails of an account that nobody has confirmed', () => {
  it('leave no code that confirms an address, once one was sent that sets the password', async () => {
    const accountId = await newAccount(false);
    await handler.handle({ accountId, mail: 'verify-address' });
    const first = await mailbox.next();
    expect(await counts(first, 'email-verification')).toBe(true);
    await handler.handle({ accountId, mail: 'reset-password' });
    const second = await mailbox.next();
    expect(second.subject).toBe('Set your password');
    expect(await counts(first, 'email-verification')).toBe(false);
    expect(await counts(second, 'password-reset')).toBe(true);
  });

  it('send none that comes after such a one', async () => {
    const accountId = await newAccount(false);
    await handler.handle({ accountId, mail: 'reset-password' });
    const mail = await mailbox.next();
    await handler.handle({ accountId, mail: 'verify-address' });
    expect(mailbox.mails.at(-1)).toEqual(mail);
    expect(
      await units.owner('SELECT kind FROM identity.one_time_token WHERE user_id = $1', [accountId]),
    ).toEqual([{ kind: 'password-reset' }]);
  });
});

describe('the mail of a reset', () => {
  it('says how many sign-ins elsewhere stay', async () => {
    const accountId = await newAccount(true);
    const identity = {
      id: randomUUID(),
      userId: accountId,
      issuer: 'https://issuer.example',
      subject: accountId,
    };
    await units.app.run({ id: accountId }, (tx) =>
      identities.insertIdentity(tx, { ...identity, provider: null, email: null }),
    );
    await handler.handle({ accountId, mail: 'reset-password' });
    const { subject, text } = await mailbox.next();
    expect(subject).toBe('Reset your password');
    expect(text.replaceAll('=\n', '')).toContain('linked to the account stay (1 at present)');
  });
});
