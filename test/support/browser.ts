import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the machine's browser is. Where its tests must not be skipped (`npm run test:services`) they run and fail. */
export function findBrowser(): string | undefined {
  const found = PLACES.find((path) => existsSync(path));
  return found ?? (process.env['GUILDHALL_TEST_POSTGRES'] === 'debian' ? PLACES[0] : undefined);
}

/** A page in a real browser, served from an origin of its own. */
export class PageOnAnotherOrigin {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async open(executablePath: string): Promise<PageOnAnotherOrigin> {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>elsewhere</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    return new PageOnAnotherOrigin(server, browser, page);
  }

  /** The page's own `fetch`. @throws Error when the browser keeps the answer from it */
  fetch(url: string, init: { headers: Record<string, string> }): Promise<{ status: number; text: string }> {
    return this.page.evaluate(
      async ([address, options]) => {
        const response = await fetch(address, options);
        return { status: response.status, text: await response.text() };
      },
      [url, init] as const,
    );
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
