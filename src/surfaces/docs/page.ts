/** One document of the page. */
export interface DocumentLink {
  name: string
  title: string
  url: string
}

/** The page loads from this server, asks this server, and writes styles into itself; nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export function pageOf(reader: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Headgate: API</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript. The documents themselves: /docs/native.json and its neighbours.</noscript>
    <script src="${reader}"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`
}

/** What the page shows, and that it calls nobody but this server: no fonts, no proxy, no telemetry, no assistant. */
export function startOf(links: readonly DocumentLink[]): string {
  const sources = links.map(({ name, title, url }, index) => ({
    slug: name,
    title,
    url,
    default: index === 0,
  }))
  const settings = {
    sources,
    ...{ withDefaultFonts: false, telemetry: false, proxyUrl: '', externalUrls: {} },
    ...{
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
      hideClientButton: true,
    },
    ...{ defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' }, persistAuth: false, hideModels: true },
  }
  return `Scalar.createApiReference('#app', ${JSON.stringify(settings)})\n`
}
