/** Names a definition of one version; whatever could end the quotes is escaped. */
export function definitionEtag(
  place: { readonly type: string; readonly hash: string; readonly lang: string | undefined },
  version: string,
): string {
  return `"${[place.type, place.hash, place.lang ?? '', version].map(encodeURIComponent).join('/')}"`;
}
