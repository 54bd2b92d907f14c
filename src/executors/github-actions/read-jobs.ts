import { clean } from '#ground/lines.ts'
import type { GitHub } from './api.ts'
import { fieldsOf, idOf, listOf, pageOf, textOf, type Fields } from './fields.ts'

export interface Jobs {
  /** What is new since the last look. */
  lines: string[]
  /** How far each job was, by its id. */
  seen: Readonly<Record<string, string>>
  /** Which job failed, where, and its page. */
  failed: string | undefined
}

/** The jobs of a run. Where they cannot be read now there is nothing new. */
export async function readJobs(github: GitHub, path: string, seen: Fields): Promise<Jobs> {
  const reply = await github.get(`${path}/jobs?per_page=100`)
  const jobs = reply.kind === 'done' ? listOf(fieldsOf(reply.body).jobs) : []
  const lines: string[] = []
  const now: Record<string, string> = {}
  for (const job of jobs) {
    const id = idOf(job.id)
    if (id === undefined) continue
    const [known = '', told = '0'] = textOf(seen[id])?.split(' ') ?? []
    const state = stateOf(job)
    const done = listOf(job.steps).filter(({ status }) => status === 'completed')
    lines.push(
      ...done.slice(Number(told)).map((step) => `${nameOf(job)} / ${nameOf(step)}: ${stateOf(step)}`),
    )
    if (state !== known) lines.push(`${nameOf(job)}: ${state}`)
    now[id] = `${state} ${done.length}`
  }
  const failed = jobs.find(isFailed)
  const kept = Object.entries(seen).map(([id, said]): [string, string] => [id, String(said)])
  return { lines, seen: { ...Object.fromEntries(kept), ...now }, failed: failed && failureOf(failed) }
}

const isFailed = ({ conclusion }: Fields) => conclusion === 'failure' || conclusion === 'timed_out'

const nameOf = ({ name }: Fields) => clean((textOf(name) ?? 'nameless').replaceAll(/\s+/g, ' ').slice(0, 200))

/** One word. */
const stateOf = ({ status, conclusion }: Fields) =>
  clean(textOf(conclusion) ?? textOf(status) ?? 'unknown')
    .replaceAll(/\s/g, '_')
    .slice(0, 50)

function failureOf(job: Fields): string {
  const step = listOf(job.steps).find(isFailed)
  const page = pageOf(job.html_url)
  return `Job ${nameOf(job)} failed${step ? ` at ${nameOf(step)}` : ''}${page ? `: ${page}` : ''}`
}
