import { Worker } from 'node:worker_threads'

/** What a file of Terraform's language says, as its own JSON has it; or where it stops being one, and why. */
export type ParsedHcl = { value: Record<string, unknown> } | { line: number | null; message: string }

interface HclFile {
  name: string
  text: string
}

/**
 * The parser is Go compiled to WebAssembly: large, slow to start, and dead for good once its stack is full. So it lives in
 * a thread of its own, from the first file on until nobody has needed it for a while, and what kills it is told of the file.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const loaded = import(workerData.parser)
parentPort.on('message', async ({ name, text }) => {
  try {
    const { parse } = await loaded
    parentPort.postMessage({ value: JSON.stringify(await parse(name, text)) })
  } catch (error) {
    parentPort.postMessage({ fault: String(error?.message ?? error) })
  }
})`

const mostBytes = 512 * 1024
const mostDeep = 150
const mostMs = 20_000
const idleMs = 15_000

let worker: Worker | undefined
let idle: NodeJS.Timeout | undefined
/** One after the other: it has one thread. */
let last: Promise<unknown> = Promise.resolve()

/** Reads a file of Terraform's language (`.tf`). Never throws for what it says. */
export function parseHcl(file: HclFile): Promise<ParsedHcl> {
  const fault = tooMuch(file.text)
  if (fault) return Promise.resolve(fault)
  const next = last.then(() => ask(file))
  last = next.catch(() => undefined)
  return next
}

function tooMuch(text: string): ParsedHcl | undefined {
  if (text.length > mostBytes) return { line: null, message: 'it is larger than 512 KiB' }
  let depth = 0
  let line = 1
  let chain = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10) line += 1
    // What is nested without brackets: a row of operators or questions.
    if (code === 33 || code === 45 || code === 63) chain += 1
    else if (code !== 32 && code !== 10) chain = 0
    if (code === 40 || code === 91 || code === 123) depth += 1
    else if (code === 41 || code === 93 || code === 125) depth = Math.max(0, depth - 1)
    if (depth > mostDeep || chain > 5000) return { line, message: 'it is nested too deep' }
  }
  return undefined
}

async function ask({ name, text }: HclFile): Promise<ParsedHcl> {
  clearTimeout(idle)
  const { fault, value } = await exchange((worker ??= start()), { name, text })
  idle = setTimeout(() => void stop(), idleMs).unref()
  worker?.unref()
  if (value !== undefined) return { value: JSON.parse(value) as Record<string, unknown> }
  return readFault(fault ?? 'it cannot be read')
}

interface Answer {
  value?: string
  fault?: string
}

function exchange(thread: Worker, file: HclFile): Promise<Answer> {
  thread.ref()
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const broke = (fault: string) => {
    void stop()
    resolve({ fault })
  }
  const timer = setTimeout(() => broke('reading it takes too long'), mostMs)
  thread.once('message', resolve)
  thread.once('error', () => broke('it cannot be read: the parser broke on it'))
  thread.once('exit', () => broke('it cannot be read: the parser broke on it'))
  thread.postMessage(file)
  return promise.finally(() => {
    clearTimeout(timer)
    thread.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit')
    thread.on('error', () => undefined)
  })
}

function start(): Worker {
  return new Worker(program, {
    eval: true,
    execArgv: [],
    env: {},
    // What it says when it breaks is long, and nobody's.
    stderr: true,
    stdout: true,
    workerData: { parser: import.meta.resolve('@cdktf/hcl2json') },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
}

async function stop(): Promise<void> {
  const gone = worker
  worker = undefined
  await gone?.terminate()
}

/** `parse config: [main.tf:1,14-2,1: Invalid …; Quoted …, and 3 other diagnostic(s)]` */
function readFault(said: string): ParsedHcl {
  const [, line, message] = /^parse config: \[[^\n]*?:(\d+),\d+-\d+(?:,\d+)?: ([^]*?)\]?$/.exec(said) ?? []
  const plain = (message ?? said).replace(/ \S*:\d+,\d+-\d+(?:,\d+)?: [^]*$/, '')
  return {
    line: line ? Number(line) : null,
    message: plain
      .replaceAll(/\p{Cc}+/gu, ' ')
      .slice(0, 400)
      .toWellFormed(),
  }
}
