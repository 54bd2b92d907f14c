import type { GraphQLObjectType } from 'graphql'
import { builder } from './builder.ts'
import { nouns, showGlobalId, type NodeType } from './ids.ts'
import './mutations/all.ts'
import './types/candidate.ts'
import './types/changelog.ts'
import './types/cherry-pick.ts'
import './types/commit-location.ts'
import './types/deployment.ts'
import './types/environment-guard.ts'
import './types/environment.ts'
import './types/project.ts'
import './types/query.ts'
import './types/release.ts'
import './types/viewer.ts'

/** All of the graph. Making it takes a while: it is made at the first request. */
export const schema = builder.toSchema()

// The plugin's ids are promises, each of thousands in an answer: ours are known at once.
for (const type of Object.keys(nouns) as NodeType[]) {
  const { id } = (schema.getType(type) as GraphQLObjectType<{ id: string }>).getFields()
  id!.resolve = (row: { id: string }) => showGlobalId(type, row.id)
}
