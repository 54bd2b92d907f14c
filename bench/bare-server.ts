/** The reference for start and memory: Fastify and an open store, and nothing of ours on top. */
import fastify from 'fastify'
import { openPlace } from '../test/fresh-store.ts'

const [dataDir, databaseUrl] = process.argv.slice(2)
const { db } = await openPlace({ dataDir: dataDir!, ...(databaseUrl ? { databaseUrl } : {}) })
const server = fastify()
server.get('/', async () => db.selectFrom('project').select('id').execute())
await server.listen({ port: 0 })
await server.inject('/')
console.log('ready')
