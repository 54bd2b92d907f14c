import { allEndpoints } from '#surfaces/aviator/endpoints/all.ts'
import type { Endpoint } from '#surfaces/aviator/endpoints/endpoint.ts'

const credentials: Record<Endpoint['needs'], string> = {
  token: 'bearer token',
  signature: 'token or signature of the sender',
}

/** docs/compat/aviator.md, from the endpoints themselves. */
export function compatPage(): string {
  const all = Object.values(allEndpoints).flatMap((table): Endpoint[] => Object.values(table))
  const count = (state: Endpoint['state']) => all.filter((endpoint) => endpoint.state === state).length
  return [
    '# Aviator: what is built',
    '',
    'Made from `src/surfaces/aviator/endpoints/`; do not edit. To make it anew:',
    '',
    '```sh',
    'node --test --test-update-snapshots test/conformance/aviator/compat-page.test.ts',
    '```',
    '',
    `Of ${all.length} endpoints ${count('done')} are done, ${count('partial')} are done in part and ${count('absent')} are absent.`,
    "An absent one answers 501 in the vendor's error shape, and its message names the endpoint as not built. The numbers",
    'under *Source* are sections of the specification that the project started from (`spec/aviator.md`); *seed* is the',
    "vendor's own page of July 2024. What the door does that is not documented, or otherwise than one might expect, is in",
    '[its README](../../src/surfaces/aviator/README.md).',
    '',
    ...Object.entries(allEndpoints).flatMap(([resource, table]) => [
      `## ${resource.charAt(0).toUpperCase()}${resource.slice(1)}`,
      '',
      '| Method | Path | State | Credential | Source | Remark |',
      '|---|---|---|---|---|---|',
      ...Object.values(table).map(row),
      '',
    ]),
    ...beyondRest,
  ].join('\n')
}

function row({ method, path, state, needs, source, missing = '' }: Endpoint): string {
  return `| ${method} | \`${path}\` | ${state} | ${credentials[needs]} | ${source} | ${missing} |`
}

/** What no list of addresses shows. */
const beyondRest = [
  '## Beyond the addresses',
  '',
  "- **GraphQL**: the vendor's schema of releases is not public (section 3). Ours keeps its style: Relay connections, one",
  '  `input` per mutation, unions for errors. It is read by introspection, and kept in `test/golden/aviator.graphql`.',
  "- **What a build or a deployment is told**: as variables of a command and inputs of a workflow, under the vendor's names",
  '  (sections 4.1, 4.2): `src/surfaces/aviator/vocabulary.ts`.',
  "- **Branches of picks** bear the vendor's names (section 7).",
  "- **Outgoing webhooks**: the vendor documents none about releases (section 5). Headgate's own tell of all of it.",
  '- **No OAuth** (section 2): tokens are made in Headgate.',
  '',
]
