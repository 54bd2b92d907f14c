import { builder } from './builder.ts'
import './types/candidate.ts'
import './types/deployment.ts'
import './types/environment.ts'
import './types/project.ts'
import './types/query.ts'
import './types/release.ts'
import './types/viewer.ts'

/** All of the graph. Making it takes a while: it is made at the first request. */
export const schema = builder.toSchema()
