import { allEndpoints } from '#surfaces/contentstack/endpoints/all.ts'
import type { Endpoint } from '#surfaces/contentstack/endpoints/endpoint.ts'

const credentials: Record<Endpoint['needs'], string> = {
  nothing: '-',
  user: 'authtoken',
  stack: 'api_key, authtoken or management token',
  delivery: 'api_key, access_token',
  file: 'the address; drafts: a credential of the stack',
}

/** docs/compat/contentstack.md, from the endpoints themselves. */
export function compatPage(): string {
  const all = Object.values(allEndpoints).flatMap((table): Endpoint[] => Object.values(table))
  const count = (state: Endpoint['state']) => all.filter((endpoint) => endpoint.state === state).length
  return [
    '# Contentstack: what is built',
    '',
    'Made from `src/surfaces/contentstack/endpoints/`; do not edit. To make it anew:',
    '',
    '```sh',
    'node --test --test-update-snapshots test/conformance/contentstack/compat-page.test.ts',
    '```',
    '',
    `Of ${all.length} endpoints ${count('done')} are done, ${count('partial')} are done in part and ${count('absent')} are absent.`,
    "An absent one answers 404 in the vendor's envelope, and its message names the endpoint as not built. The numbers",
    'under *Source* are sections of the specification that the project started from (`spec/contentstack.md`); *SDK*',
    "names a call of the vendor's JavaScript SDK. All paths begin with `/v3`.",
    '',
    ...Object.entries(allEndpoints).flatMap(([resource, table]) => [
      `## ${resource.charAt(0).toUpperCase()}${resource.slice(1)}`,
      '',
      '| Method | Path | State | Credential | Source | Missing |',
      '|---|---|---|---|---|---|',
      ...Object.values(table).map(row),
      '',
    ]),
  ].join('\n')
}

function row({ method, path, state, needs, source, missing = '', elsewhere }: Endpoint): string {
  const lacks = elsewhere ? 'another host of the vendor: not served here' : missing
  return `| ${method} | \`${path}\` | ${state} | ${credentials[needs]} | ${source} | ${lacks} |`
}
