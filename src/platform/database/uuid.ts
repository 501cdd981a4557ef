// PostgreSQL takes a UUID in many spellings and gives it back in one. Ids that come from outside are compared with stored ones, hashed
// and named in files, so only the spelling that comes back is one; any other is as unknown as an id that never was.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Is it a UUID as PostgreSQL writes it: lower case, with hyphens? */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
