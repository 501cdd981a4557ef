// What a browser gets that comes back from a provider: on to the app, or a page that says how it went.

/** An address of the app with what it is told. @param returnTo of APP_RETURN_URLS */
export function returnAddress(returnTo: string, told: Readonly<Record<string, string>>): string {
  const added = Object.entries(told).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return `${returnTo}${returnTo.includes('?') ? '&' : '?'}${added.join('&')}`;
}

/** A page without scripts. @param code to be typed into the app, of the alphabet of base64url */
export function donePage(code: string): string {
  const body = `<p>Done. Give this code now to the app in which you began, and to nobody else:</p><p><code>${code.replace(/[^\w-]/g, '')}</code></p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Guildhall</title>${body}</html>`;
}
