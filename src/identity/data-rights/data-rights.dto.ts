export class RequestedExportDto {
  /** Its progress and end are at `/api/v1/jobs/{id}`. */
  jobId: string;
  /** Once the job is done, `/api/v1/files/{id}` has the archive and a link to it, for 7 days. */
  fileId: string;
}
