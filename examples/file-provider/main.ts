import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { startFileProvider } from './start-file-provider.ts'

const folder = resolve(process.argv[2] ?? 'files')
mkdirSync(folder, { recursive: true })
const { reattach } = await startFileProvider({ folder })
process.stdout.write(`${reattach}\n`)
