// The newest price of a series that is not flagged, in SQL: that of `latest`, unless its flag stands; then the last one that is not
// flagged of the newest day that has one, however long ago that was. A new price counts as it is until its day has been judged,
// seconds later; the version of the rollups moves with that.

/** For rows `l` of market.latest; of a series of which all prices are flagged nothing is left. */
export const JOIN_UNFLAGGED = `
  LEFT JOIN market.observation_flag f ON f.server_id = l.server_id AND f.item_id = l.item_id AND f.captured_at = l.captured_at
    AND f.source_id = l.source_id AND f.price = l.price AND f.verdict IS DISTINCT FROM 'cleared'
  LEFT JOIN LATERAL (
    SELECT coalesce(d.clean_close, d.close) AS price, coalesce(d.clean_at, d.last_at) AS captured_at FROM market.daily d
    WHERE f.item_id IS NOT NULL AND d.server_id = l.server_id AND d.item_id = l.item_id AND coalesce(d.clean_close, d.close) <> 'NaN'
    ORDER BY d.day DESC LIMIT 1
  ) c ON true`;
export const IS_UNFLAGGED = '(f.item_id IS NULL OR c.price IS NOT NULL)';
export const UNFLAGGED_PRICE = 'coalesce(c.price, l.price)';
export const UNFLAGGED_AT = 'coalesce(c.captured_at, l.captured_at)';
