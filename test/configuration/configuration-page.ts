import { settings } from '../../src/config.ts'

interface Described {
  type?: string
  anyOf?: { const?: string }[]
  default?: string | number
  description?: string
}

/** docs/configuration.md: settings from their one source, and the file's keys, which the test compares with its schema. */
export function renderConfiguration(): string {
  const rows = Object.entries(settings.properties as Record<string, Described>).map(([name, setting]) => {
    const { default: value, description = '' } = setting
    return `| \`${name}\` | ${typeOf(setting)} | ${value === undefined ? '-' : `\`${String(value)}\``} | ${description} |`
  })
  return `${before}\n${rows.join('\n')}\n${after}`
}

function typeOf({ type, anyOf }: Described): string {
  return anyOf ? anyOf.map((word) => `\`${word.const}\``).join(', ') : (type ?? 'string')
}

const before = `# Configuration

This page is made from \`src/config.ts\` by \`test/configuration/configuration-page.ts\`; a test compares the two.

## Settings

Environment variables of the server. An empty one counts as not set; a wrong one stops the start and says why.

| setting | type | default | what it says |
| --- | --- | --- | --- |`

const after = `
\`headgate apply\` reads \`HEADGATE_URL\` (where the server is) and \`HEADGATE_TOKEN\` (the token of an admin).

## headgate.yaml

One file that says which users, tokens, projects, environments and webhooks there are. It is applied at every start
(\`HEADGATE_CONFIG\`), by \`headgate apply -f headgate.yaml\`, or by \`POST /headgate/v1/configuration\`; all three take
the same road. It is applied as a whole, in one transaction, or not at all. What it does not name stays as it is, and
applied again it changes nothing. What changed is told in lines such as \`+ project website\`; \`headgate apply --dry-run\`
only tells. An unknown key, or anything else that cannot be, is refused with file, line and key.

Any string may be \`{ env: NAME }\`. At the start that is the server's environment; with \`headgate apply\` it is the
environment of the command, which sends the variables that the file names and no other. A server never reads its own
environment for a request.

\`\`\`yaml
users:
  - { email: ada@example.com, name: Ada, role: admin, password: { env: ADA_PASSWORD } }
  - { email: bob@example.com, grants: [{ project: website, role: releaser }] }
tokens:
  - { name: ci, user: ada@example.com, secret: { env: CI_TOKEN }, scopes: ["release.*", "deployment.request"] }
projects:
  - key: website
    name: The website
    kind: content
    content:
      api_key: blt0123456789abcdef
      master_locale: en-us
      locales: [{ code: fr-fr, name: French, fallback: en-us }]
      management_tokens: [{ name: ci, token: { env: CMA_TOKEN }, scopes: ["*"], branches: [main] }]
      delivery_tokens: [{ name: site, token: { env: CDA_TOKEN }, environments: [production], branches: [main] }]
    environments:
      - { name: staging, tier: low }
      - name: production
        parent: staging
        requires_parent: true
        approvals: { count: 1, timeout_hours: 24 }
        freezes: [{ name: weekend, rrule: FREQ=WEEKLY;BYDAY=FR, start: "17:00", duration_minutes: 3780, time_zone: Europe/Paris }]
  - key: shop
    kind: code
    code:
      repository: { name: acme/shop, url: "https://git.example.com/acme/shop.git", credential: { env: GIT_TOKEN }, hook_secret: { env: GIT_HOOK_SECRET } }
      paths: ["services/shop/**"]
      versions: calver
      cut: { cron: "0 9 * * 1-5", time_zone: Europe/Paris, deploy_to: staging }
      build: { executor: none }
    environments:
      - { name: staging, deploy: { executor: command, command: [./deploy.sh], timeout_seconds: 600 } }
      - { name: production, parent: staging, deploy: { executor: none } }
  - key: platform
    kind: infra
    infra:
      stack: platform
      blueprint: { path: ./blueprint }
      modules: { url: "https://git.example.com/acme/modules.git", branch: main, folder: modules, credential: { env: GIT_TOKEN } }
      environments: { prod: { cloud: AWS, release_stream: PROD, facts: { cluster_code: p1 } } }
    environments:
      - name: prod
        id: 62b1c8f2a3d4e5f601234567
        variables: { REGION: eu-west-1 }
        secrets: { DB_PASSWORD: { env: PROD_DB_PASSWORD } }
        drift: { cron: "0 * * * *", time_zone: Europe/Paris }
        deploy: { executor: terraform, environment: { AWS_REGION: eu-west-1 }, timeout_seconds: 3600 }
webhooks:
  - { name: cdn, url: "https://purge.example.com/", kinds: [deployment.finished], project: website, environments: [production], secret: { env: PURGE_SECRET } }
\`\`\`

| key | what it says |
| --- | --- |
| \`users[].email\` | whom it is about; found again by it, in upper or lower case |
| \`users[].name\` | left out, the e-mail address |
| \`users[].role\` | \`viewer\`, \`releaser\`, \`approver\` or \`admin\` of the whole instance |
| \`users[].grants[].project\`, \`.role\` | roles on single projects, by the project's key; with \`role\`, all that the user holds |
| \`users[].password\` | 8 to 1000 characters; a new one ends the user's sessions |
| \`users[].agent\` | never approves and never overrides; fixed when the user is made |
| \`tokens[].name\` | found again by it |
| \`tokens[].user\` | the e-mail address of the user for whom it acts |
| \`tokens[].secret\` | what clients send: 8 to 128 visible characters, as a bearer or as the password of Basic |
| \`tokens[].scopes\` | names of actions, \`noun.*\` or \`*\`; they narrow what the user may |
| \`webhooks[].name\` | found again by it |
| \`webhooks[].url\` | who is told; it may be a private address |
| \`webhooks[].kinds\` | of what: see [webhooks](webhooks.md) |
| \`webhooks[].project\`, \`.environments\` | only of what happens there; left out, of the whole instance |
| \`webhooks[].secret\` | what the messages are signed with, \`whsec_…\`; kept encrypted |
| \`webhooks[].description\`, \`.disabled\` | a note; told of nothing until it is enabled |
| \`projects[].key\` | unique; found again by it: lower case, digits, dashes |
| \`projects[].name\` | left out, the key |
| \`projects[].kind\` | what it releases; fixed when the project is made. \`content\`, \`code\` and \`infra\` are there, \`data\` is to come |
| \`projects[].content.api_key\` | fixes the key that clients know the project by; one is made when left out |
| \`projects[].content.master_locale\` | \`en-us\` when left out |
| \`projects[].content.locales[].code\`, \`.name\`, \`.fallback\` | further locales |
| \`projects[].content.management_tokens[].name\`, \`.token\`, \`.scopes\`, \`.branches\` | tokens that belong to the project and to no user; scopes in our words (names of actions, \`noun.*\`, \`*\`) or in the vendor's for OAuth (\`cm.release:deploy\`); branches by name or alias |
| \`projects[].content.delivery_tokens[].name\`, \`.token\`, \`.environments\`, \`.branches\` | tokens that read what is live there |
| \`projects[].content.limits.release_name_characters\` | how long a release's name may be; 50 when left out, as at the vendor |
| \`projects[].content.limits.items_per_request\`, \`.items_per_request_v2\` | how many items one request may name, and one with \`release_version: 2.0\`; 25 and 100 |
| \`projects[].content.limits.items_per_release\` | 500 when left out |
| \`projects[].content.limits.management_tokens\` | how many a stack may have; 30 when left out |
| \`projects[].content.limits.bulk_items\`, \`.bulk_locales\`, \`.bulk_environments\` | how many entries and assets one bulk request may publish or unpublish, in how many languages and environments; 10 each |
| \`projects[].content.limits.bulk_items_to_delete\` | how many one bulk request may delete; 100 when left out |
| \`projects[].content.limits.schedule_months\` | how far ahead a deployment may be scheduled; 12 when left out |
| \`projects[].content.limits.cache_seconds\`, \`.stale_seconds\` | how long proxies may keep what the delivery API answers, and how long after that while they ask again; 10 and 60 |
| \`projects[].code.repository.name\` | \`org/name\`, in upper or lower case; fixed when the project is made. Several projects may release from one repository |
| \`projects[].code.repository.url\` | \`https\`, \`http\`, \`ssh\`, \`git\` or \`file\`, \`user@host:path\`, or an absolute path; needed once. It may be a private address |
| \`projects[].code.repository.credential\` | a token (\`user:token\` where the user matters), or a private key in PEM for \`ssh\`; kept encrypted, and used from the next fetch on. A host's key is kept when it is first met, in \`mirrors/known_hosts\` of the data folder; another one is refused |
| \`projects[].code.repository.hook_secret\` | what signs the messages of its host to \`/headgate/hooks/repositories/<org>/<name>\` (GitHub, Gitea, Forgejo, Bitbucket), or is their token (GitLab, or as a bearer); kept encrypted |
| \`projects[].code.repository.branch\` | what is cut where nothing else is said; the repository's default when left out or null |
| \`projects[].code.paths[]\` | what belongs to the project, as patterns of \`.gitignore\`; everything when there are none |
| \`projects[].code.versions\` | \`calver\` (\`2026.11.21-1\`, the default) or \`semver\` |
| \`projects[].code.time_zone\` | whose days the versions count, and whose clock cuts; \`UTC\` when left out |
| \`projects[].code.tag_patterns[]\` | tags that stand for releases made elsewhere, as \`v*\` |
| \`projects[].code.cut.cron\` | when a candidate is cut by itself, in five fields; null for never. It is left out when nothing in \`paths\` changed. A time that daylight saving skips is made up for at the hour's end |
| \`projects[].code.cut.time_zone\` | the same as \`time_zone\` |
| \`projects[].code.cut.deploy_to\` | the environment that a candidate goes to by itself once it is ready; null for none |
| \`projects[].code.build.executor\`, \`.command\`, \`.working_folder\`, \`.environment\`, \`.url\`, \`.secret\`, \`.workflow\`, \`.token\`, \`.repository\`, \`.ref\`, \`.inputs\`, \`.organization\`, \`.pipeline\`, \`.branch\`, \`.parameters\`, \`.webhook_token\`, \`.binary\`, \`.lock_timeout_seconds\`, \`.timeout_seconds\` | how a candidate is built, with the keys of \`deploy\` below, but for Terraform's; \`none\`, the default: it is ready at once |
| \`projects[].code.push\` | whether the branches of picks are pushed to the repository; not when left out |
| \`projects[].infra.stack\` | the name that clients know the project by; its key when left out, and fixed once it was said |
| \`projects[].infra.blueprint.path\` | a folder on the server; relative to where headgate.yaml lies, or where the server was started if it came by \`headgate apply\` |
| \`projects[].infra.blueprint.url\`, \`.name\`, \`.branch\`, \`.folder\`, \`.credential\` | or a repository, as for code: its name is made from the project's key when left out; its default branch; its root |
| \`projects[].infra.modules.path\`, \`.url\`, \`.name\`, \`.branch\`, \`.folder\`, \`.credential\` | the same for the modules |
| \`projects[].infra.pre_release_hook\` | whether the blueprint's own hook is asked before each release; it is, when left out |
| \`projects[].infra.remote_sources\` | whether modules may name sources that Terraform fetches from elsewhere; not when left out |
| \`projects[].infra.environments.cloud\`, \`.time_zone\`, \`.release_stream\`, \`.branch\`, \`.facts\` | by the environment's name: which cloud it is in, its clock, whose artifacts it takes, which branch of the blueprint is released there, and what modules are told of it beside its name |
| \`projects[].environments[].name\` | found again by it |
| \`projects[].environments[].id\` | fixes the id that clients know it by |
| \`projects[].environments[].tier\` | a word for how much depends on it |
| \`projects[].environments[].parent\` | the environment that comes before it |
| \`projects[].environments[].requires_parent\` | only what is proven in the parent is deployed here |
| \`projects[].environments[].auto_promote\` | code: what was deployed to \`parent\` goes on to it by itself |
| \`projects[].environments[].deploy.executor\` | how it deploys: \`content\` (content projects, by default), \`terraform\` (projects of infrastructure, by default), \`command\`, \`webhook\`, \`github-actions\`, \`buildkite\`, or \`none\` (code projects, by default) where who asks deploys and reports |
| \`projects[].environments[].deploy.command[]\` | \`command\`: the program and its arguments; no shell reads them |
| \`projects[].environments[].deploy.working_folder\` | \`command\`: where it runs |
| \`projects[].environments[].deploy.environment\` | \`command\`, \`terraform\`: variables that it finds, by name, such as \`AWS_REGION\` or \`TF_CLI_CONFIG_FILE\`; kept encrypted |
| \`projects[].environments[].deploy.url\` | \`webhook\`: who is told what to deploy; \`github-actions\`: the API, \`https://api.github.com\` when left out; \`buildkite\`: the API, \`https://api.buildkite.com\` when left out. It may be a private address |
| \`projects[].environments[].deploy.secret\` | \`webhook\`: what the messages are signed with, \`whsec_…\`; kept encrypted |
| \`projects[].environments[].deploy.workflow\`, \`.token\` | \`github-actions\`: its file name or its id; what it is started and watched with, kept encrypted, as for \`buildkite\` |
| \`projects[].environments[].deploy.repository\`, \`.ref\`, \`.inputs\` | \`github-actions\`: \`org/name\`, the project's when left out; a branch or tag, the default branch when left out; further inputs by name, in which \`\${commit}\`, \`\${environment}\` and such are filled in |
| \`projects[].environments[].deploy.organization\`, \`.pipeline\` | \`buildkite\`: their slugs, as its URLs have them |
| \`projects[].environments[].deploy.branch\`, \`.parameters\` | \`buildkite\`: which branch a build names, the candidate's or the pipeline's own when left out; further variables by name, in which \`\${commit}\` and such are filled in |
| \`projects[].environments[].deploy.webhook_token\` | \`buildkite\`: what its webhooks bring or are signed with; kept encrypted |
| \`projects[].environments[].deploy.binary\`, \`.lock_timeout_seconds\` | \`terraform\`: the program, \`terraform\` or else \`tofu\` of the path when left out; how long a locked state is waited for |
| \`projects[].environments[].deploy.timeout_seconds\` | how long it may take, for either |
| \`projects[].environments[].approvals.count\` | how many people have to approve a plan before it is applied; 0 when left out |
| \`projects[].environments[].approvals.timeout_hours\` | how long they are waited for; 24 when left out |
| \`projects[].environments[].freezes[].name\` | found again by it; one that the list names no more is lifted, those that people set stay |
| \`projects[].environments[].freezes[].rrule\` | the days, as in RFC 5545, by the day or coarser |
| \`projects[].environments[].freezes[].start\`, \`.duration_minutes\`, \`.time_zone\` | local time of day, elapsed minutes (at most 60 days), a zone of the IANA database |
| \`projects[].environments[].freezes[].starts_on\` | the first day; the day on which it is declared, when left out |
| \`projects[].environments[].freezes[].reason\` | told to who is kept waiting |
| \`projects[].environments[].variables\` | infrastructure: values that the blueprint refers to as \`\${blueprint.self.variables.NAME}\` |
| \`projects[].environments[].secrets\` | infrastructure: the same for \`\${blueprint.self.secrets.NAME}\`; kept encrypted, shown nowhere, told to Terraform as sensitive |
| \`projects[].environments[].drift.cron\`, \`.time_zone\` | infrastructure: when it is looked at for drift, in five fields (null for never), by whose clock |
`
