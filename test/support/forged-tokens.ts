import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { queryRows } from './table-counts.js';

/** Makes access tokens that are like a real one but for what a test says, under a signature that holds. */
export type Forge = (real: string, claims?: object, header?: object) => string;

/**
 * Plants a key of the test's own among the installation's, so that every claim can be wrong by itself. Processes take it in when a token
 * first names it.
 */
export async function plantSigningKey(databaseUrl: string): Promise<Forge> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  await queryRows(
    databaseUrl,
    `INSERT INTO identity.signing_key (id, public_jwk, sealed_private, signs_from) VALUES ($1, $2, '', now() - interval '1 day')`,
    [kid, JSON.stringify(publicKey.export({ format: 'jwk' }))],
  );
  return (real, claims = {}, header = {}) => {
    const [head, payload] = real.split('.', 2).map(readPart) as [object, object];
    return sign({ ...head, kid, ...header }, { ...payload, ...claims }, privateKey);
  };
}

function readPart(part: string): object {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
}

function sign(header: object, payload: object, key: KeyObject): string {
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = createSign('SHA256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** The same token with one bit of its signature turned. */
export function withAnotherSignature(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

/** The same token with other claims, under the signature that it had. */
export function withOtherClaims(token: string, claims: object): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const changed = { ...readPart(payload), ...claims };
  return `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
}
