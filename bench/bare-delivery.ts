/** The reference for delivery reads: Fastify, pg, and one prepared statement each. */
import fastify from 'fastify'
import pg from 'pg'

const { databaseUrl, environment_id, branch_id } = JSON.parse(process.argv[2]!) as Record<string, string>
const pool = new pg.Pool({ connectionString: databaseUrl!, max: 10, options: '-c jit=off' })

const columns = `i.uid, p.locale, p.version, p.published_at, v.title, v.data, i.created_at, v.created_at as updated_at`
const joined = `join content_published p on p.item_id = i.id and p.environment_id = $1 and p.locale = 'en-us'
  join content_version v on v.item_id = i.id and v.locale = p.source_locale and v.version = p.version`

const entry = `
  with entry as (
    select ${columns}, v.reference_uids from content_item i ${joined} where i.branch_id = $2 and i.uid = $3
  )
  select * from entry
  union all
  select ${columns}, v.reference_uids from entry, content_item i ${joined}
  where i.branch_id = $2 and i.uid = any(entry.reference_uids)`

const list = `
  select ${columns}
  from (
    select * from content_published where environment_id = $1 and branch_id = $2 and kind = 'entry'
      and content_type_uid = 'page' and locale = 'en-us' order by item_id desc limit 100
  ) p join content_item i on i.id = p.item_id
  join content_version v on v.item_id = i.id and v.locale = p.source_locale and v.version = p.version
  order by p.item_id desc`

const server = fastify()
server.get<{ Params: { uid: string } }>('/entry/:uid', async ({ params }) => {
  const { rows } = await pool.query({
    name: 'entry',
    text: entry,
    values: [environment_id, branch_id, params.uid],
  })
  const [one, ...behind] = rows as [Record<string, object>]
  return { entry: { ...one, related: behind } }
})
server.get('/list', async () => {
  const { rows } = await pool.query({ name: 'list', text: list, values: [environment_id, branch_id] })
  return { entries: rows }
})
console.log(await server.listen({ port: 0, host: '127.0.0.1' }))
