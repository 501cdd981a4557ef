import { hmacSha256, isSame } from '../crypto/hmac.js';

// How a receiver knows that a delivery is ours and new: `Guildhall-Signature: t=<Unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256
// of `<t>.<body>` under the hook's secret, over the very bytes of the body. The time is signed too, so that an old delivery cannot be
// sent again later; a further scheme would stand beside v1, not in its place.

export const SIGNATURE_HEADER = 'guildhall-signature';

export function signatureOf(secret: string, body: string, atS: number): string {
  return `t=${atS},v1=${hmacSha256(secret, `${atS}.${body}`).toString('hex')}`;
}

/** What a receiver does. @param toleranceS how old a delivery may be, and how wrong the clocks */
export function isSignedBy(
  secret: string,
  body: string,
  header: string,
  nowS: number,
  toleranceS: number,
): boolean {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  if (!found || Math.abs(nowS - Number(found[1])) > toleranceS) return false;
  return isSame(Buffer.from(found[2]!, 'hex'), hmacSha256(secret, `${found[1]!}.${body}`));
}
