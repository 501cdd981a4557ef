/** Its body is bytes, which no parser shall touch. */
export const UPLOAD_ROUTE = { method: 'POST', path: '/api/v1/files' } as const;
