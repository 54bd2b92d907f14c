import { factsOf, fillFacts } from '#domain/order-facts.ts'
import { showId } from '#domain/ids.ts'
import type { Order, OrderVocabulary } from '#executors/contract.ts'
import { segment, type GitHub } from './api.ts'
import { chooseInputs } from './choose-inputs.ts'
import { fieldsOf, idOf, textOf } from './fields.ts'
import { obstacle, type Obstacle } from './obstacle.ts'
import { titleOf, type Title } from './run-title.ts'
import { readWorkflowFile, type DeclaredInput } from './workflow-file.ts'

/** How a workflow is started, found out before anything is done. */
export interface Start {
  workflow_id: string
  /** As headgate.yaml calls it. */
  workflow: string
  ref: string
  declared: readonly DeclaredInput[]
  inputs: Record<string, string>
  /** How its run will be called. */
  title: Title
  /** No other run is called so. */
  telling: boolean
}

/** Reads the workflow as it is at its ref, and fills in what it declares. Does nothing. */
export async function prepareStart(
  github: GitHub,
  order: Order,
  vocabulary: OrderVocabulary,
): Promise<Start | Obstacle> {
  const { settings } = order
  const workflow = String(settings.workflow)
  if (!settings.repository && !order.candidate)
    return { refused: 'headgate.yaml names no repository here, and without a candidate none is known' }
  const ref = textOf(settings.ref) ?? (await defaultBranch(github))
  if (typeof ref !== 'string') return ref
  const file = await readWorkflow(github, workflow, ref)
  if (!('declared' in file)) return file
  const { declared, run_name, workflow_id } = file
  // A check is about nothing that could fill what has to be filled.
  const asked = order.kind === 'check' ? declared.map((one) => ({ ...one, required: false })) : declared
  const chosen = chooseInputs(asked, offerOf(order, vocabulary))
  if ('refused' in chosen) return { refused: `${workflow}: ${chosen.refused}` }
  const { inputs, told } = chosen
  if (!told && order.candidate)
    return {
      refused: `${workflow}: it declares no input that says what it is about, such as headgate_commit`,
    }
  const start = { workflow_id, workflow, ref, declared, inputs }
  return { ...start, ...titleOf(run_name, { inputs, declared, ids: idsOf(order) }) }
}

/** Ids that no other order is sent. */
function idsOf({ dispatch_id, kind, subject_id, number, candidate }: Order): string[] {
  const known = [shownId({ kind, subject_id }), dispatch_id]
  const outside = kind === 'deployment' ? number : candidate?.ordinal
  return outside === null || outside === undefined ? known : [...known, String(outside)]
}

const shownId = ({ kind, subject_id }: Pick<Order, 'kind' | 'subject_id'>) =>
  showId(kind === 'deployment' ? 'deployment' : 'run', subject_id)

function offerOf(order: Order, vocabulary: OrderVocabulary) {
  const facts = factsOf(order, shownId(order))
  const own = Object.entries(facts).map(([name, value]): [string, string] => [`headgate_${name}`, value])
  const configured = Object.entries(fieldsOf(order.settings.inputs)).map(
    ([name, value]): [string, string] => [name, fillFacts(String(value), facts)],
  )
  return {
    generations: vocabulary.inputs(order),
    own: Object.fromEntries(own),
    configured: Object.fromEntries(configured),
  }
}

async function defaultBranch(github: GitHub): Promise<string | Obstacle> {
  const reply = await github.get(github.repository)
  if (reply.kind !== 'done') return obstacle(reply, 'the repository')
  const branch = textOf(fieldsOf(reply.body).default_branch)
  return branch ?? { refused: 'GitHub names no default branch' }
}

interface KnownWorkflow {
  workflow_id: string
  declared: readonly DeclaredInput[]
  run_name: string | undefined
}

async function readWorkflow(github: GitHub, name: string, ref: string): Promise<KnownWorkflow | Obstacle> {
  const known = await github.get(`${github.repository}/actions/workflows/${segment(name)}`)
  if (known.kind !== 'done') return obstacle(known, `the workflow ${name}`)
  const { id, path, state } = fieldsOf(known.body)
  const workflow_id = idOf(id)
  const file = textOf(path)
  if (!workflow_id || !file) return { refused: `GitHub does not say where the workflow ${name} is` }
  if (state !== 'active') return { refused: `the workflow ${name} is ${String(state)} at GitHub` }
  const at = file.split('/').map(segment).join('/')
  const content = await github.get(`${github.repository}/contents/${at}?ref=${encodeURIComponent(ref)}`)
  if (content.kind !== 'done') return obstacle(content, `${file} at ${ref}`)
  const { content: packed, encoding } = fieldsOf(content.body)
  if (typeof packed !== 'string' || encoding !== 'base64')
    return { refused: `${file} at ${ref} is no file that can be read` }
  try {
    const read = await readWorkflowFile(Buffer.from(packed, 'base64').toString('utf8'))
    if (!read.inputs) return { refused: `${file} at ${ref} has no workflow_dispatch, by which it is started` }
    return { workflow_id, declared: read.inputs, run_name: read.run_name }
  } catch {
    return { refused: `${file} at ${ref} is no workflow that can be read` }
  }
}
