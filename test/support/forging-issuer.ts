import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** An issuer of OpenID Connect whose ID tokens say what the test wants, signed by whom it wants. */
export interface ForgingIssuer {
  readonly url: string;
  /** Its published key, and one that is not. */
  readonly keys: { good: PrivateKey; stolen: PrivateKey };
  /** What the token endpoint gives as `id_token`, from the nonce of the authorization request. */
  forge: (nonce: string) => Promise<string>;
  /** A token that is as it should be but for what is given. */
  token(claims: Record<string, unknown>, header?: Record<string, unknown>, key?: PrivateKey): Promise<string>;
  /** Times that its keys were fetched. */
  keyFetches: number;
  nonce: string;
  close(): Promise<void>;
}

export async function openForgingIssuer(audience: string): Promise<ForgingIssuer> {
  const good = await generateKeyPair('ES256', { extractable: true });
  const stolen = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(good.publicKey)), kid: 'good', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    const json = (body: unknown): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    };
    const { pathname } = new URL(request.url ?? '/', issuer.url);
    request.resume();
    if (pathname === '/.well-known/openid-configuration')
      json({
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        jwks_uri: `${issuer.url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
        code_challenge_methods_supported: ['S256'],
      });
    else if (pathname === '/jwks') {
      issuer.keyFetches += 1;
      json({ keys: [jwk] });
    } else
      void issuer
        .forge(issuer.nonce)
        .then((idToken) => json({ access_token: 'forged-access', token_type: 'Bearer', id_token: idToken }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: ForgingIssuer = {
    url,
    keys: { good: good.privateKey, stolen: stolen.privateKey },
    keyFetches: 0,
    nonce: '',
    forge: (nonce) => issuer.token({ nonce }),
    token: (claims, header = {}, key = good.privateKey) => {
      const nowS = Math.floor(Date.now() / 1_000);
      const usual = { iss: url, aud: audience, sub: 'ada', iat: nowS, exp: nowS + 300 };
      const given = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined);
      return new SignJWT(Object.fromEntries(given))
        .setProtectedHeader({ alg: 'ES256', kid: 'good', ...header })
        .sign(key);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}
