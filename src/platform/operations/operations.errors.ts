/** Codes of the operations room; HTTP status in brackets. */
export const OPERATIONS_ERROR = {
  /** (404) no such job, or somebody else's. */
  jobUnknown: 'operations/job-unknown',
  /** (409) only a dead or cancelled job can be driven again. */
  jobNotEnded: 'operations/job-not-ended',
  /** (409) a job that this one waited for has to be driven again first. */
  jobWaitsForChild: 'operations/job-waits-for-child',
  /** (409) another job with the same deduplication key waits for its start, and will do the work. */
  jobHasTwin: 'operations/job-has-twin',
  /** (404) */
  webhookUnknown: 'operations/webhook-unknown',
  /** (422) the URL is not one that is called: not https, not public, or with credentials. */
  webhookUrlRefused: 'operations/webhook-url-refused',
  /** (409) */
  tooManyWebhooks: 'operations/too-many-webhooks',
  /** (409) a disabled webhook cannot be tested. */
  webhookDisabled: 'operations/webhook-disabled',
  /** (404) no such channel, or somebody else's. */
  channelUnknown: 'operations/channel-unknown',
  /** (422) the URL is not one that is called: not https, not public, with credentials, or none of Discord's. */
  channelUrlRefused: 'operations/channel-url-refused',
  /** (409) */
  tooManyChannels: 'operations/too-many-channels',
  /** (409) a disabled channel cannot be tested. */
  channelDisabled: 'operations/channel-disabled',
  /** (404) no such file, or somebody else's. */
  fileUnknown: 'operations/file-unknown',
  /** (403) the link was changed, belongs to another file or is too old. */
  fileLinkInvalid: 'operations/file-link-invalid',
  /** (413) */
  fileTooLarge: 'operations/file-too-large',
  /** (415) what it is, by its content, is not taken for this purpose. */
  fileTypeRefused: 'operations/file-type-refused',
  /** (415) bytes are sent as such, not as JSON or text. */
  fileNotSentAsBytes: 'operations/file-not-sent-as-bytes',
  /** (422) it cannot be decoded to its end, has too many pixels, or is empty. */
  fileUnreadable: 'operations/file-unreadable',
  /** (409) the files of the account would be too many bytes. */
  fileQuotaUsedUp: 'operations/file-quota-used-up',
  /** (503) too many uploads at once, or no room on the disk. */
  storageUnavailable: 'operations/storage-unavailable',
} as const;
