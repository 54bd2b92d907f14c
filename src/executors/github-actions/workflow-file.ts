import { fieldsOf, isFields, textOf } from './fields.ts'

/** What a workflow file says of how it is started by hand. */
export interface WorkflowFile {
  /** Undefined: it cannot be started by hand. */
  inputs: readonly DeclaredInput[] | undefined
  /** How its runs are called, where it says so. */
  run_name: string | undefined
}

export interface DeclaredInput {
  name: string
  required: boolean
  /** Undefined: none. */
  fallback: string | undefined
}

/** Throws where it is no YAML, or not a map. */
export async function readWorkflowFile(text: string): Promise<WorkflowFile> {
  const { parse } = await import('yaml')
  const file: unknown = parse(text, { maxAliasCount: 100 })
  if (!isFields(file)) throw new Error('it is no workflow')
  return { inputs: inputsOf(file.on), run_name: textOf(file['run-name']) }
}

const event = 'workflow_dispatch'

/** `on` is a word, a list of words, or a map by them. */
function inputsOf(on: unknown): DeclaredInput[] | undefined {
  if (on === event || (Array.isArray(on) && on.includes(event))) return []
  if (!isFields(on) || !(event in on)) return undefined
  return Object.entries(fieldsOf(fieldsOf(on[event]).inputs)).map(([name, declared]) => {
    const { required, default: fallback } = fieldsOf(declared)
    return { name, required: required === true, fallback: fallbackOf(fallback) }
  })
}

function fallbackOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
}
