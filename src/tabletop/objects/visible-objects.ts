// Row-level security keeps PostgreSQL from using an index for an operator that might tell of rows it has not judged yet, such as full text and
// trigrams. Statements that need one run as the platform's role and carry this predicate, which says the same as the policies of tabletop.object
// (a test compares them over random worlds): before every limit, count and facet.

/**
 * SQL: whether the row is shown to a user who sits at its campaign's table, and is not deleted.
 * @param object alias of tabletop.object
 * @param user SQL of the user's id @param role SQL of the user's role there: 'gm', 'player' or 'observer'
 */
export function visibleTo(object: string, user: string, role: string): string {
  return `(${object}.deleted_at IS NULL AND (
    ${role} = 'gm' OR ${object}.visibility IN ('party', 'public') OR ${object}.owner_id = ${user} OR ${user} = ANY (${object}.shown_to)
    OR ${object}.id IN (SELECT g.object_id FROM tabletop.access_grant g WHERE g.user_id = ${user} AND g.expires_at > now())))`;
}
