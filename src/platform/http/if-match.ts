/** The entity tag of something that counts its versions. */
export const etagOf = (version: number): string => `"${version}"`;

/** The version that an If-Match header asks for; undefined for any, `invalid` when it is no tag of ours. */
export function versionOf(ifMatch: string | undefined): number | undefined | 'invalid' {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const digits = /^\s*"([1-9]\d{0,8})"\s*$/.exec(ifMatch)?.[1];
  return digits === undefined ? 'invalid' : Number(digits);
}
