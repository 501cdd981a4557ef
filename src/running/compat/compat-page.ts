/** Rows carry the total of their list; beyond the last page there is none to carry it. */
export async function pageOf<Row extends { readonly total: number }>(
  read: (limit: number, offset: number) => Promise<Row[]>,
  limit: number,
  offset: number,
): Promise<{ rows: Row[]; total: number }> {
  const rows = await read(limit, offset);
  const [counted] = rows.length === 0 && offset > 0 ? await read(1, 0) : rows;
  return { rows, total: counted?.total ?? 0 };
}
