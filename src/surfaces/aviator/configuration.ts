import { Type, type Static } from 'typebox'
import { Deploy } from '#app/configuration/deploy-settings.ts'
import { within } from '#app/configuration/placing.ts'
import { declareCodeIn } from '#app/repositories/declare-code.ts'
import type { ProjectPart } from '#surfaces/contract.ts'

const closed = { additionalProperties: false }
const text = (most: number) => Type.String({ minLength: 1, maxLength: most })
const list = (most: number) => Type.Array(text(1000), { maxItems: most })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const Repository = Type.Object(
  {
    // org/name (section 1).
    name: text(201),
    url: Type.Optional(text(2000)),
    credential: Type.Optional(text(20_000)),
    hook_secret: Type.Optional(Type.String({ minLength: 8, maxLength: 1000 })),
    branch: Type.Optional(orNull(text(250))),
  },
  closed,
)

/** `projects[].code` of headgate.yaml: what a release project is configured with (section 1.1). */
const Code = Type.Object(
  {
    repository: Type.Optional(Repository),
    paths: Type.Optional(list(1000)),
    versions: Type.Optional(Type.Union([Type.Literal('calver'), Type.Literal('semver')])),
    time_zone: Type.Optional(text(64)),
    tag_patterns: Type.Optional(list(100)),
    cut: Type.Optional(
      Type.Object(
        {
          cron: Type.Optional(orNull(text(200))),
          time_zone: Type.Optional(text(64)),
          deploy_to: Type.Optional(orNull(text(200))),
        },
        closed,
      ),
    ),
    build: Type.Optional(Deploy),
    push: Type.Optional(Type.Boolean()),
  },
  closed,
)

export const configuration: ProjectPart = {
  kind: 'code',
  schema: Code,
  apply({ ctx, unit, project, environments }, part) {
    const code = part as Static<typeof Code>
    const place = { project_id: project.id, environments }
    return within('code', () => declareCodeIn(ctx, unit, { ...code, ...place, ...signature }))
  },
}

/** What branches of candidates begin with, and who commits to them (section 7). No mail reaches him. */
const signature = {
  branch_prefix: 'aviator/',
  author_name: 'Aviator Release Bot',
  author_email: 'release-bot@headgate.invalid',
}
