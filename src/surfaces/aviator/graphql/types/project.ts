import { releaseNamed } from '../lookups.ts'
import { byPlace, byUuid, connect, pageCost, readPage } from '../connection.ts'
import { placeOfEnvironment } from '#app/environments/page-environments.ts'
import { providerOf, VersionScheme, WorkflowProvider } from '../enums.ts'
import { environmentsOf, releasesOf, settingsOf } from '../reads.ts'
import { EnvironmentConnection, EnvironmentRef, ProjectRef, ReleaseConnection, ReleaseRef } from '../refs.ts'

ProjectRef.implement({
  description: 'Software that is built, released and deployed together, from one repository.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Unique, and what addresses name it by.' }),
    name: t.exposeString('name'),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    repository: t.string({
      nullable: true,
      description: 'The repository that it is released from: `acme/shop`.',
      resolve: async ({ id }, _, caller) => (await settingsOf(caller, id))?.repository_name,
    }),
    branch: t.string({
      nullable: true,
      description: 'The branch that is released; null for the one that the repository calls its default.',
      resolve: async ({ id }, _, caller) => (await settingsOf(caller, id))?.branch,
    }),
    paths: t.stringList({
      description: 'What is the project’s in the repository; none: all of it.',
      resolve: async ({ id }, _, caller) => (await settingsOf(caller, id))?.paths ?? [],
    }),
    versions: t.field({
      type: VersionScheme,
      nullable: true,
      resolve: async ({ id }, _, caller) => (await settingsOf(caller, id))?.versions,
    }),
    buildProvider: t.field({
      type: WorkflowProvider,
      resolve: async ({ id }, _, caller) => providerOf((await settingsOf(caller, id))?.build_executor ?? ''),
    }),
    nextCutAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is cut next by itself.',
      resolve: async ({ id }, _, caller) => (await settingsOf(caller, id))?.next_cut_at,
    }),
    environments: t.connection(
      {
        type: EnvironmentRef,
        description: 'In pipeline order.',
        complexity: pageCost,
        resolve: async ({ id }, args, caller) => {
          const page = readPage(args, byPlace)
          return connect(await environmentsOf(caller, id, page), page, byPlace, placeOfEnvironment)
        },
      },
      EnvironmentConnection,
    ),
    releases: t.connection(
      {
        type: ReleaseRef,
        description: 'Newest first.',
        complexity: pageCost,
        resolve: async ({ id }, args, caller) => {
          const page = readPage(args, byUuid)
          return connect(await releasesOf(caller, id, page), page, byUuid, (row) => row.id)
        },
      },
      ReleaseConnection,
    ),
    release: t.field({
      type: ReleaseRef,
      nullable: true,
      args: { version: t.arg.string({ required: true }) },
      resolve: ({ id }, { version }, caller) => releaseNamed(caller, id, version),
    }),
  }),
})
