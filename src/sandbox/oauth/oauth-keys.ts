import {
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicJwk: JWK;
}

/** ES256 keys of the stand-in: the newest signs, all are published, so that a rotation has its overlap. */
export class OauthKeys {
  private readonly keys: SigningKey[] = [];

  static async open(): Promise<OauthKeys> {
    const keys = new OauthKeys();
    await keys.rotate();
    return keys;
  }

  /** A new key signs from now on. @returns its id */
  async rotate(): Promise<string> {
    const kid = `sandbox-${this.keys.length + 1}`;
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
    this.keys.push({ kid, privateKey, publicJwk });
    return kid;
  }

  jwks(): { keys: JWK[] } {
    return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
  }

  sign(claims: JWTPayload): Promise<string> {
    const { kid, privateKey } = this.keys.at(-1)!;
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' }).sign(privateKey);
  }
}
