import type { PlanTools } from '#executors/contract.ts'
import { clean } from '#ground/lines.ts'
import { describeDiagnostic, linesOf, readMessage, textInCatalogue } from './message.ts'
import type { Diagnostic, Folders, Message } from './message.ts'

/** Hears what Terraform says, puts it into the log in plain lines, blackened, and remembers what it meant. */
export interface Ear {
  /** For what speaks in messages, one line each. */
  messages(stream: 'stdout' | 'stderr', lines: readonly string[]): Promise<void>
  /** For what speaks to people. */
  words(stream: 'stdout' | 'stderr', lines: readonly string[]): Promise<void>
  /** Blackened like all the rest. */
  errors: readonly Diagnostic[]
  /** The version of the program, where it said it. */
  version: string | undefined
  /** Why it failed, for people: its errors, or the last it said. */
  complaint(): string
}

const rememberedLines = 12
const mostOfComplaint = 2000
/** Frames that Terraform draws around its errors. */
const frame = /^[╷│╵]\s?/u

export function openEar(
  { log }: Pick<PlanTools, 'log'>,
  { redact, folders }: { redact: (line: string) => string; folders: Folders },
  onMessage: (message: Message) => void = () => undefined,
): Ear {
  const errors: Diagnostic[] = []
  let last: string[] = []
  const hushed = new Set<string>()
  async function say(stream: 'stdout' | 'stderr', lines: readonly string[]): Promise<void> {
    const shown = lines.map((line) => redact(line))
    last = [...last, ...shown.filter((line) => line.trim() !== '')].slice(-rememberedLines)
    if (shown.length > 0) await log(stream, shown)
  }
  const ear: Ear = {
    errors,
    version: undefined,
    messages: (stream, lines) =>
      say(
        stream,
        lines.flatMap((line) => {
          const message = readMessage(line, folders)
          if (!message) return clean(line)
          if (message.version !== undefined) ear.version = message.version
          if (message.hook && message.text.includes('output suppressed due to sensitive'))
            hushed.add(message.hook.address)
          if (message.diagnostic) message.diagnostic = hush(message.diagnostic, hushed)
          if (message.diagnostic?.severity === 'error') errors.push(blacken(message.diagnostic, redact))
          onMessage(message)
          return linesOf(message)
        }),
      ),
    words: (stream, lines) =>
      say(
        stream,
        lines.map((line) => textInCatalogue(line.replace(frame, ''), folders)),
      ),
    complaint() {
      const said = errors.length > 0 ? errors.map(describeDiagnostic).join(' ') : wordsOf(last)
      const plain = said.replaceAll(/\s+/g, ' ').trim()
      return redact(plain || 'It said nothing.')
        .slice(0, mostOfComplaint)
        .toWellFormed()
    },
  }
  return ear
}

function blacken(diagnostic: Diagnostic, redact: (text: string) => string): Diagnostic {
  const { summary, detail, snippet } = diagnostic
  const black = { summary: redact(summary), detail: redact(detail) }
  return { ...diagnostic, ...black, ...(snippet === undefined ? {} : { snippet: redact(snippet) }) }
}

/** Terraform hides what a command says where something secret is in it, and then repeats it in the error. */
function hush(diagnostic: Diagnostic, hushed: ReadonlySet<string>): Diagnostic {
  if (diagnostic.address === undefined || !hushed.has(diagnostic.address)) return diagnostic
  return { ...diagnostic, detail: diagnostic.detail.replace(/Output:[^]*$/, 'Output: •••') }
}

/** From where it says that something is wrong. */
function wordsOf(lines: readonly string[]): string {
  const from = lines.findIndex((line) => line.startsWith('Error'))
  return lines.slice(Math.max(from, 0)).join(' ')
}
