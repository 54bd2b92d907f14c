import { builder } from '../builder.ts'

export const PullRequestRef = builder.objectRef<{ number: number; title: string }>('PullRequest').implement({
  description: 'As the history of the repository tells of it.',
  fields: (t) => ({ number: t.exposeInt('number'), title: t.exposeString('title') }),
})
