import { allEndpoints } from '#surfaces/facets/endpoints/all.ts'
import type { Endpoint } from '#surfaces/facets/endpoints/endpoint.ts'

/** docs/compat/facets.md, from the endpoints themselves. */
export function compatPage(): string {
  const all = Object.values(allEndpoints).flatMap((table): Endpoint[] => Object.values(table))
  const count = (state: Endpoint['state']) => all.filter((endpoint) => endpoint.state === state).length
  return [
    '# Facets: what is built',
    '',
    'Made from `src/surfaces/facets/endpoints/`; do not edit. To make it anew:',
    '',
    '```sh',
    'node --test --test-update-snapshots test/conformance/facets/compat-page.test.ts',
    '```',
    '',
    `Of ${all.length} endpoints ${count('done')} are done, ${count('partial')} are done in part and ${count('absent')} are absent.`,
    "An absent one answers 501 in the vendor's error shape, and its message names the endpoint as not built. The numbers",
    'under *Source* are sections of the specification that the project started from (`spec/facets.md`); *seed* are the',
    "vendor's own pages of 2022. What the door does that is not documented, or otherwise than one might expect, is in",
    '[its README](../../src/surfaces/facets/README.md).',
    '',
    ...Object.entries(allEndpoints).flatMap(([resource, table]) => [
      `## ${resource.charAt(0).toUpperCase()}${resource.slice(1)}`,
      '',
      '| Method | Path | State | Source | Remark |',
      '|---|---|---|---|---|',
      ...Object.values(table).map(row),
      '',
    ]),
    ...beyond,
  ].join('\n')
}

function row({ method, path, state, source, missing = '' }: Endpoint): string {
  return `| ${method} | \`${path}\` | ${state} | ${source} | ${missing} |`
}

/** What no list of addresses shows. */
const beyond = [
  '## Beyond the addresses',
  '',
  '- **Types of release**: `RELEASE`, `LAUNCH`, `HOTFIX`, `PLAN`, `HOTFIX_PLAN`, `APPLY_PLAN`, `APPLY_HOTFIX_PLAN`,',
  '  `ROLLBACK_PLAN`, `APPLY_ROLLBACK_PLAN`, `DESTROY` and `UNLOCK_STATE` are built, and `PLAN_AND_APPLY` and',
  '  `HOTFIX_PLAN_AND_APPLY` are the same as `RELEASE` and `HOTFIX`. `CUSTOM`, `MAINTENANCE`, `SCALE_UP`, `SCALE_DOWN`,',
  '  `TERRAFORM_EXPORT` and `IMPORT_RELEASE` are refused with 400, and why.',
  '- **Parallel releases** of one environment (section 1): there are none. Environments do run side by side.',
  '- **Notifications**: the payloads of the vendor are not published (section 1). Headgate has webhooks of its own.',
  '- **Roles**: those of Headgate (viewer, releaser, approver, admin).',
  '- **State**: Terraform’s HTTP backend at `/terraform-state/<project>/<environment>`, also for a `terraform` by hand.',
  '',
]
