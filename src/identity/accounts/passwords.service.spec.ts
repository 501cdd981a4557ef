import { describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { ARGON2, Passwords } from './passwords.service.js';

const EMAIL = 'somebody@example.org';

describe('a password', () => {
  const passwords = new Passwords();

  it('is stored as argon2id in PHC form, with parameters of today and a salt of its own', async () => {
    const [first, second] = await Promise.all([
      passwords.hashNew('correct horse', EMAIL),
      passwords.hashNew('correct horse', EMAIL),
    ]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
    expect(passwords.isOutdated(first)).toBe(false);
    expect(await passwords.isRight('correct horse', first)).toBe(true);
    expect(await passwords.isRight('correct horsf', first)).toBe(false);
  });

  it.each([' spaces at both ends ', 'ä'.repeat(40) + 'b', 'x'.repeat(100) + 'y', 'nul\0inside', '😀😀😀😀x'])(
    'is taken unmodified: %j',
    async (password) => {
      const stored = await passwords.hashNew(password, EMAIL);
      expect(await passwords.isRight(password, stored)).toBe(true);
      for (const similar of [
        password.trim(),
        password.slice(0, -1),
        `${password} `,
        password.split('\0')[0]!,
      ])
        if (similar !== password) expect(await passwords.isRight(similar, stored)).toBe(false);
    },
  );

  it('that is refused never reaches the hashing, not even its queue', async () => {
    const busy = Array.from({ length: 52 }, () => passwords.isRight('correct horse', null));
    await expect(passwords.isRight('correct horse', null)).rejects.toMatchObject({ kind: 'overloaded' });
    for (const password of ['short', 'x'.repeat(1_000_000), 'password'])
      await expect(passwords.hashNew(password, EMAIL)).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(await passwords.isRight('x'.repeat(1_000_000), null)).toBe(false);
    await Promise.all(busy);
  });

  it('is never right without a hash', async () => {
    expect(await passwords.isRight('correct horse', null)).toBe(false);
  });

  it.each([
    ['less memory', { ...ARGON2, memoryCost: 8_192 }],
    ['fewer passes', { ...ARGON2, timeCost: 1 }],
    ['another kind', { ...ARGON2, algorithm: 1 }],
  ])('with %s is to be hashed anew', async (_what, options) => {
    const stored = await hash('correct horse', options);
    expect(passwords.isOutdated(stored)).toBe(true);
    expect(await passwords.isRight('correct horse', stored)).toBe(true);
    expect(passwords.isOutdated(await passwords.rehash('correct horse'))).toBe(false);
  });

  it('waits in a queue of fifty behind two, and not beyond', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.isRight('correct horse', null)),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(8);
    expect((refused[0] as PromiseRejectedResult).reason).toMatchObject({
      kind: 'overloaded',
      code: 'identity/hashing-overloaded',
    });
  });
});
