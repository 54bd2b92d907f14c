import { Type, type Static } from 'typebox'
import { Id, Nullable, OneOf, Time } from './schema.ts'

/** What a project of code releases from, how and when: as headgate.yaml says it, which alone may change it. */
export const Repository = Type.Object(
  {
    id: Id('rpo'),
    name: Type.String({ description: 'As `acme/shop`' }),
    url: Type.String({ description: 'Where it is fetched from' }),
    has_credential: Type.Boolean({ description: 'It is fetched with a token or a key' }),
    hook: Type.String({ description: 'Where its host may say that something was pushed' }),
    has_hook_secret: Type.Boolean({ description: 'Without one no host is believed' }),
    branch: Nullable(
      Type.String({ description: 'What is cut where nothing else is said; null: its default' }),
    ),
    paths: Type.Array(Type.String(), { description: 'Only what touches one of these is the project’s' }),
    tag_patterns: Type.Array(Type.String()),
    versions: OneOf(['calver', 'semver']),
    time_zone: Type.String(),
    cut: Type.Object({
      cron: Nullable(Type.String()),
      next_at: Nullable(Time),
      deploy_to: Nullable(
        Type.String({ description: 'Where candidates go by themselves once they are ready' }),
      ),
    }),
    build: Type.Record(Type.String(), Type.Unknown(), {
      description: 'How candidates are built, by which executor; secrets are blackened',
    }),
    push: Type.Boolean({ description: 'Branches of picks are pushed to it' }),
    updated_at: Time,
  },
  { $id: 'Repository' },
)
export type Repository = Static<typeof Repository>
