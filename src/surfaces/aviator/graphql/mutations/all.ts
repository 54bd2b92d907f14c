import { builder } from '../builder.ts'
import './cherry-pick.ts'
import './cut-release.ts'
import './deploy.ts'
import './guard.ts'

builder.mutationType({
  description: 'Each takes one `input` and answers what it made, or an error that says why not.',
})
