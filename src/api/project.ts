import { Type, type Static } from 'typebox'
import { Exactly, Id, Name, Nullable, OneOf, Slug, Time } from './schema.ts'

const projectKinds = ['content', 'code', 'infra', 'data'] as const

export const Project = Type.Object(
  {
    id: Id('prj'),
    key: Type.String({ description: 'Unique; what paths name it by' }),
    name: Type.String(),
    kind: OneOf(projectKinds),
    version: Type.Integer({ description: 'Also its ETag' }),
    created_by: Nullable(Id('usr')),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Project' },
)
export type Project = Static<typeof Project>

export const NewProject = Exactly({
  key: Slug,
  name: Type.Optional(Name),
  kind: OneOf(projectKinds),
  content: Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: 'As `content:` of a project in headgate.yaml' },
    ),
  ),
})
export type NewProject = Static<typeof NewProject>

export const ProjectChange = Exactly({ name: Type.Optional(Name) })
export type ProjectChange = Static<typeof ProjectChange>
