/**
 * The reference for requests: Fastify and pg, and nothing of ours on top. Asked to `replay`, it sends the very
 * statements that Headgate was seen to send; asked for the `least`, the one statement that could do.
 */
import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'

export interface Replay {
  /** Statements with the parameters of one request; begin and commit among them. */
  [request: string]: { sql: string; parameters: unknown[] }[]
}

const { databaseUrl, replay, fresh, projectId } = JSON.parse(process.argv[2]!) as {
  databaseUrl: string
  replay: Replay
  /** Ids that the recorded request made: each request has its own. */
  fresh: string[]
  projectId: string
}
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, options: '-c jit=off' })
const names = new Map<string, string>()

function prepared(text: string, values: unknown[]) {
  if (values.length === 0) return { text }
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return { name, text, values }
}

async function run(request: string): Promise<unknown> {
  const ids = new Map(fresh.map((id) => [id, randomUUID()]))
  const own = (value: unknown): unknown => {
    if (typeof value !== 'string') return value
    let text = value
    for (const [id, mine] of ids) text = text.replaceAll(id, mine)
    return text
  }
  const client = await pool.connect()
  try {
    let rows: unknown[] = []
    for (const { sql, parameters } of replay[request]!) {
      const result = await client.query(prepared(sql, parameters.map(own)))
      if (result.rows?.length) rows = result.rows
    }
    return rows
  } finally {
    client.release()
  }
}

const least: Record<string, () => [string, unknown[]]> = {
  create: () => [
    `insert into release (id, project_id, branch, name, created_at, updated_at)
     values ($1, $2, 'main', 'bench', $3, $3) returning *`,
    [randomUUID(), projectId, new Date()],
  ],
  get: () => ['select * from release where id = $1', [fresh[0]]],
  list: () => [
    `select * from release where project_id = $1 and not one_shot and removed_at is null order by id desc limit 25`,
    [projectId],
  ],
}

const server = fastify()
for (const request of ['create', 'get', 'list']) {
  const method = request === 'create' ? 'POST' : 'GET'
  server.route({ method, url: `/replay/${request}`, handler: () => run(request) })
  server.route({
    method,
    url: `/least/${request}`,
    handler: async () => (await pool.query(prepared(...least[request]!()))).rows,
  })
}
console.log(await server.listen({ port: 0, host: '127.0.0.1' }))
