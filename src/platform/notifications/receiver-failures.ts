import { LEAST_FAILURES, LEAST_FAILING_MS } from './delivery-retries.js';

// When a receiver, an administrator's hook or a person's channel, is not called any more, in SQL: both tables have these columns.

const IS_PATIENCE_OVER = `failures_in_row + 1 >= ${LEAST_FAILURES}
  AND coalesce(failing_since <= now() - interval '${LEAST_FAILING_MS} milliseconds', false)`;

/** SET list of a try: $2 HTTP status, $3 code of the failure or null, $4 whether a failure is the receiver's. */
export const COUNT_TRY = `
  last_tried_at = now(), last_status = $2, last_error = $3,
  failures_in_row = CASE WHEN $3::text IS NULL THEN 0 WHEN $4 THEN failures_in_row + 1 ELSE failures_in_row END,
  failing_since = CASE WHEN $3::text IS NULL THEN NULL WHEN $4 THEN coalesce(failing_since, now()) ELSE failing_since END,
  is_enabled = is_enabled AND ($3::text IS NULL OR NOT $4 OR NOT (${IS_PATIENCE_OVER})),
  disabled_at = CASE WHEN is_enabled AND $3::text IS NOT NULL AND $4 AND ${IS_PATIENCE_OVER} THEN now() ELSE disabled_at END`;

/** Of the row that it returns: whether this very try has disabled it. */
export const IS_DISABLED_NOW = 'disabled_at IS NOT DISTINCT FROM now() AS "isDisabledNow"';

/** SET list of a receiver that is called again. */
export const ENABLE = 'is_enabled = true, disabled_at = NULL, failures_in_row = 0, failing_since = NULL';
