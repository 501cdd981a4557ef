import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** As much of an S3 store as the product uses, in memory. Signatures are not checked, only that there is one. */
export interface BucketStandIn {
  url: string;
  /** What answers to GET wait for. */
  gate: Promise<void>;
  /** Reads of files that wait at it. */
  waiting: number;
  close(): Promise<void>;
}

/** Answers a list one key at a time, so that paging is passed through. */
export async function startBucket(): Promise<BucketStandIn> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const key = url.pathname.split('/').slice(2).join('/');
    if (!/^AWS4-HMAC-SHA256 /.test(request.headers.authorization ?? '')) response.writeHead(403).end();
    else if (request.method === 'PUT') {
      void buffer(request).then((body) => {
        objects.set(key, body);
        response.writeHead(200).end();
      });
    } else if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (key === '') {
      const prefix = url.searchParams.get('prefix') ?? '';
      const after = url.searchParams.get('continuation-token') ?? '';
      const [first, ...more] = [...objects.keys()].filter((k) => k.startsWith(prefix) && k > after).sort();
      const next = more.length > 0 ? `<NextContinuationToken>${first}</NextContinuationToken>` : '';
      const entry =
        first === undefined
          ? ''
          : `<Contents><Key>${first}</Key><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(`<ListBucketResult>${entry}${next}</ListBucketResult>`);
    } else {
      bucket.waiting += 1;
      void bucket.gate.then(() => {
        bucket.waiting -= 1;
        const body = objects.get(key);
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        if (!body) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
        else if (from === undefined) response.writeHead(200).end(body);
        else response.writeHead(206).end(body.subarray(Number(from), Number(to) + 1));
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: BucketStandIn = {
    gate: Promise.resolve(),
    waiting: 0,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return bucket;
}
