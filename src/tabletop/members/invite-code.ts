/** No letter or digit that is taken for another one. 31 signs: 16 of them are 79 bits. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 16;
const GROUP = 4;

/** @param bytes at least 4 * 16 random ones @returns as `ABCD-2345-EFGH-6789` */
export function inviteCode(bytes: Buffer): string {
  const signs = Array.from({ length: LENGTH }, (_, at) => SIGNS[bytes.readUInt32LE(at * 4) % SIGNS.length]!);
  return signs.join('').replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
}

/** What is compared of a code as somebody typed it. */
export function bareCode(code: string): string {
  return code.replaceAll('-', '').toUpperCase();
}
