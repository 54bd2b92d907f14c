import { sql } from 'kysely'
import type { Db } from '#store/database.ts'

export interface FilledCode {
  /** Of the project. */
  key: string
  releases: number
}

/**
 * A project of code with `releases` releases of two candidates each, every candidate deployed to staging, and every
 * second one to production, the newest of them live. Straight into the store: nothing of it was ever built.
 */
export async function fillCode(
  db: Db,
  { key, releases }: FilledCode,
  environments: readonly string[] = ['production', 'staging', 'nightly'],
): Promise<string> {
  const project = await insertProject(db, key, environments)
  await sql`
    insert into release (id, project_id, name, created_at, updated_at)
    select ${uuidOf('n')}, ${project}::uuid, '1.0.' || n, ${timeOf('n')}, ${timeOf('n')}
    from generate_series(1, ${releases}::int) n
  `.execute(db)
  await sql`
    insert into revision (id, project_id, release_id, number, digest, scope, items, item_count, created_at)
    select gen_random_uuid(), project_id, release.id, number, md5(release.id::text || number), 'whole_state',
      jsonb_build_array(jsonb_build_object('key', ${key}::text, 'kind', 'repository', 'action', 'set',
        'version', repeat(md5(release.id::text || number), 1) || '00000000', 'title', name || '-rc' || number)),
      1, created_at
    from release, generate_series(1, 2) number where project_id = ${project}::uuid
  `.execute(db)
  await sql`
    insert into candidate (id, project_id, release_id, number, version, state, commit_sha, revision_id, cause,
      created_at, ready_at)
    select gen_random_uuid(), revision.project_id, release_id, number, name || '-rc' || number, 'ready',
      items -> 0 ->> 'version', revision.id, 'person', revision.created_at, revision.created_at
    from revision join release on release.id = release_id where revision.project_id = ${project}::uuid
    order by release_id, number
  `.execute(db)
  await sql`
    insert into deployment (id, request_id, project_id, environment_id, release_id, revision_id, state, driver,
      reported, on_item_failure, when_busy, when_shut, misfire, cause, counts, requested_by, requested_at, started_at,
      finished_at)
    select ${uuidOf('row_number() over (order by candidate.release_id, number, environment.position desc)')},
      gen_random_uuid(), candidate.project_id, environment.id, release_id, revision_id, 'succeeded', 'caller',
      'success', 'stop', 'wait', 'wait', '{"policy": "run"}', 'person', '{"done": 1}',
      (select id from "user" order by id limit 1), candidate.created_at, candidate.created_at, candidate.created_at
    from candidate join environment on environment.project_id = candidate.project_id
    where candidate.project_id = ${project}::uuid
      and (environment.position = 2 or (environment.position = 1 and number = 2))
  `.execute(db)
  await sql`
    insert into live (environment_id, item_key, kind, title, version, deployment_id, updated_at)
    select distinct on (environment_id) environment_id, ${key}, 'repository', 'as it is', repeat('0', 40), id,
      finished_at
    from deployment where project_id = ${project}::uuid order by environment_id, id desc
  `.execute(db)
  await sql`analyze`.execute(db)
  return project
}

async function insertProject(db: Db, key: string, environments: readonly string[]): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into project (id, key, name, kind, created_at, updated_at)
      values (gen_random_uuid(), ${key}, ${key}, 'code', now(), now()) returning id
    ), repo as (
      insert into repository (id, name, url, created_at, updated_at)
      values (gen_random_uuid(), ${`acme/${key}`}, ${`/srv/git/${key}.git`}, now(), now()) returning id
    ), settings as (
      insert into code_settings (project_id, repository_id, branch_prefix, author_name, author_email, updated_at)
      select made.id, repo.id, 'release/', 'Bot', 'bot@example.com', now() from made, repo
    ), places as (
      insert into environment (id, project_id, name, position, tier, executor, created_at, updated_at)
      select gen_random_uuid(), made.id, name, position, name, 'none', now(), now()
      from made, unnest(${environments}::text[]) with ordinality as one (name, position)
    ) select id from made
  `.execute(db)
  return rows[0]!.id
}

/** Ids that are in order of \`n\`, as ours are in order of time. */
function uuidOf(n: string) {
  const number = sql.raw(n)
  return sql`(lpad(to_hex(1760000000000 + ${number}), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid`
}

function timeOf(n: string) {
  return sql`timestamptz '2026-01-01T00:00:00Z' + ${sql.raw(n)} * interval '1 minute'`
}
