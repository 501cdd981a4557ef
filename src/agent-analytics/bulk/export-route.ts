/** Its body is bytes, which no parser shall touch. */
export const EXPORT_ROUTE = {
  method: 'POST',
  path: '/api/v1/admin/agent-analytics/imports',
  types: ['application/octet-stream', 'application/gzip'],
} as const;
