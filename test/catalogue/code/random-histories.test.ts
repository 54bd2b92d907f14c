import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { changeReader } from './read-changes.ts'
import { smallRepository, type SmallRepository } from './small-repository.ts'

/** What is done next; the numbers choose among what there is then. */
const step = fc.record({
  kind: fc.constantFrom('change', 'change', 'pick', 'pick', 'said', 'resolved', 'revert', 'topic'),
  branch: fc.constantFrom('main', 'release'),
  choice: fc.nat(20),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Known {
  sha: string
  parents: string[]
  /** Which change it is: a pick is the same one, what takes it back is another. */
  change: string
  /** The pull request that its own branch was merged by. */
  pull_request: number | null
  merge: boolean
}

/** What git is not asked for: who came after whom, and what is the same. */
class Model {
  commits = new Map<string, Known>()
  heads = new Map<string, string>()
  /** What each branch's files say: changes that are in it. */
  inside = new Map<string, Set<string>>()

  ancestors(sha: string | undefined): Set<string> {
    const found = new Set<string>()
    const waiting = sha === undefined ? [] : [sha]
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (found.has(one)) continue
      found.add(one)
      waiting.push(...this.commits.get(one)!.parents)
    }
    return found
  }
}

const fileOf = (change: string) => `f/${change}`

function play(repository: SmallRepository, steps: readonly Step[]): Model {
  const model = new Model()
  let count = 0
  const add = (
    branch: string,
    change: string,
    {
      text,
      files,
      parent,
      merges,
      pull_request = null,
    }: Partial<Known> & {
      text: string
      files?: Record<string, string | null>
      parent?: string
      merges?: string
    },
  ): string => {
    const head = parent ?? model.heads.get(branch)
    const sha = repository.commit({
      ...{ branch, message: text, ...(files && { files }), ...(merges && { merges }) },
      ...(head === undefined ? {} : { parent: head }),
    })
    const parents = [head, merges].flatMap((one) => one ?? [])
    model.commits.set(sha, { sha, parents, change, pull_request, merge: merges !== undefined })
    model.heads.set(branch, sha)
    return sha
  }
  const base = add('main', 'base', { text: 'base', files: { base: '1' } })
  model.heads.set('release', base)
  for (const branch of ['main', 'release']) model.inside.set(branch, new Set())
  for (const { kind, branch, choice } of steps) {
    count += 1
    const inside = model.inside.get(branch)!
    const other = branch === 'main' ? 'release' : 'main'
    const mine = [...inside]
    const theirs = [...model.ancestors(model.heads.get(other)!)]
      .map((sha) => model.commits.get(sha)!)
      .filter(({ change, merge }) => !merge && !inside.has(change) && model.inside.get(other)!.has(change))
    const source = theirs[choice % Math.max(1, theirs.length)]
    if (kind === 'change') {
      add(branch, `c${count}`, { text: `c${count}`, files: { [fileOf(`c${count}`)]: `${count}\n` } })
      inside.add(`c${count}`)
    } else if (kind === 'revert' && mine.length > 0) {
      const change = mine[choice % mine.length]!
      // Taking back what was resolved in another way is another change.
      const content = contentOf(repository, model.heads.get(branch)!, change)
      const files = { [fileOf(change)]: null }
      add(branch, `revert ${change} ${content}`, { text: `Revert "${change}"`, files })
      inside.delete(change)
    } else if (kind === 'topic') {
      const topic = `topic-${count}`
      const change = `c${count}`
      const on = model.heads.get(branch)!
      const tip = add(topic, change, {
        ...{ text: change, files: { [fileOf(change)]: `${count}\n` }, parent: on, pull_request: count },
      })
      add(branch, `merge ${count}`, {
        text: `Merge pull request #${count} from acme/${topic}\n\nTopic`,
        files: { [fileOf(change)]: `${count}\n` },
        merges: tip,
      })
      inside.add(change)
    } else if (source && ['pick', 'said', 'resolved'].includes(kind)) {
      const { change } = source
      const trailer = kind === 'pick' ? '' : `\n\n(cherry picked from commit ${source.sha})`
      const content = kind === 'resolved' ? `resolved ${count}\n` : contentOf(repository, source.sha, change)
      add(branch, change, { text: `${change}${trailer}`, files: { [fileOf(change)]: content } })
      inside.add(change)
    }
  }
  return model
}

const contentOf = (repository: SmallRepository, sha: string, change: string) =>
  repository.file(sha, fileOf(change)).toString()

/** How often each change is in what only one has, by the model. */
function differences(model: Model, from: string, to: string): Map<string, number> {
  const [there, here] = [model.ancestors(from), model.ancestors(to)]
  const count = new Map<string, number>()
  const add = (shas: Set<string>, without: Set<string>, by: number) => {
    for (const sha of shas) {
      const { change, merge } = model.commits.get(sha)!
      if (!without.has(sha) && !merge) count.set(change, (count.get(change) ?? 0) + by)
    }
  }
  add(here, there, 1)
  add(there, here, -1)
  return new Map([...count].filter(([, times]) => times !== 0))
}

test('over random histories a changelog tells how often each side made a change that the other did not', async (t: TestContext) => {
  const { readAll } = await changeReader(t)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const repository = smallRepository(t)
      const model = play(repository, steps)
      const [main, release] = [model.heads.get('main')!, model.heads.get('release')!]
      const found = await readAll(repository.folder, release, main)
      const told = new Map<string, number>()
      for (const { sha, change, pull_request } of found) {
        const known = model.commits.get(sha)!
        told.set(known.change, (told.get(known.change) ?? 0) + (change === 'added' ? 1 : -1))
        t.assert.equal(pull_request?.number ?? null, known.pull_request)
      }
      const byName = (counts: Map<string, number>) => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
      t.assert.deepEqual(byName(told), byName(differences(model, release, main)))
      // Nothing is told twice, and nothing goes that comes.
      t.assert.equal(new Set(found.map(({ sha }) => sha)).size, found.length)
      const back = await readAll(repository.folder, main, release)
      const turned = back.map(({ sha, change }) => `${sha} ${change === 'added' ? 'removed' : 'added'}`)
      t.assert.deepEqual(turned.toSorted(), found.map(({ sha, change }) => `${sha} ${change}`).toSorted())
    }),
    { numRuns: 6 },
  )
})
