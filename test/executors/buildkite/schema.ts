/**
 * What Buildkite's REST API takes and answers, as far as a release desk uses it. There is no machine-readable
 * description of it: this one is OURS, written on 2026-11-21 from Buildkite's public documentation ("REST API: Builds",
 * "Pipelines", "Rate limits"; "Webhooks: Pipelines, Build events"). JSON Schema 2020-12, for Ajv.
 */

const text = { type: 'string', minLength: 1 } as const
const time = { type: ['string', 'null'], format: 'date-time' } as const
/** "filters such as …": one value, or several by `name[]`. */
const flag = { enum: ['true', 'false'] } as const
const count = { type: 'string', pattern: '^[1-9][0-9]*$' } as const

export const buildStates = [
  'creating',
  'scheduled',
  'running',
  'passed',
  'failing',
  'failed',
  'blocked',
  'canceling',
  'canceled',
  'skipped',
  'not_run',
  'waiting',
  'waiting_failed',
] as const

/** "Create a build": what has to be there, and what can be. */
export const createBuild = {
  type: 'object',
  required: ['commit', 'branch'],
  additionalProperties: false,
  properties: {
    commit: text,
    branch: text,
    author: {
      type: 'object',
      required: ['name', 'email'],
      additionalProperties: false,
      properties: { name: text, email: text },
    },
    clean_checkout: { type: 'boolean' },
    env: {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: { type: 'string' },
    },
    ignore_pipeline_branch_filters: { type: 'boolean' },
    message: text,
    meta_data: { type: 'object', additionalProperties: { type: ['string', 'boolean'] } },
    pull_request_base_branch: text,
    pull_request_id: { type: 'integer' },
    pull_request_labels: { type: 'array', items: text },
    pull_request_repository: text,
  },
} as const

/** "Get a build" */
export const getBuildQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { exclude_jobs: flag, include_retried_jobs: flag, include_test_engine: flag },
} as const

/** "List builds for a pipeline", and "Pagination". */
export const listBuildsQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    branch: text,
    commit: { type: 'string', pattern: '^[0-9a-f]{40}$' },
    created_from: { type: 'string', format: 'date-time' },
    created_to: { type: 'string', format: 'date-time' },
    creator: text,
    finished_from: { type: 'string', format: 'date-time' },
    include_paused: flag,
    include_retried_jobs: flag,
    state: { enum: [...buildStates, 'finished'] },
    page: count,
    per_page: { type: 'string', pattern: '^([1-9][0-9]?|100)$' },
  },
  patternProperties: { '^meta_data\\[[^\\]]+\\]$': text },
} as const

export const noQuery = { type: 'object', additionalProperties: false } as const

/** "Authentication", and the content type of a body. */
export const headers = {
  type: 'object',
  required: ['authorization', 'host', 'user-agent'],
  properties: {
    host: text,
    'user-agent': text,
    authorization: { type: 'string', pattern: '^Bearer [!-~]+$' },
    'content-type': { const: 'application/json' },
  },
} as const

/** "Build data model" */
export const build = {
  type: 'object',
  required: ['id', 'url', 'web_url', 'number', 'state', 'blocked', 'message', 'commit', 'branch', 'env'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    url: { type: 'string', format: 'uri' },
    web_url: { type: 'string', format: 'uri' },
    number: { type: 'integer', minimum: 1 },
    state: { enum: buildStates },
    blocked: { type: 'boolean' },
    cancel_reason: { type: ['string', 'null'] },
    message: { type: ['string', 'null'] },
    commit: text,
    branch: text,
    env: { type: 'object' },
    source: { enum: ['webhook', 'api', 'ui', 'trigger_job', 'schedule'] },
    jobs: { type: 'array' },
    created_at: time,
    scheduled_at: time,
    started_at: time,
    failing_at: time,
    finished_at: time,
    meta_data: { type: 'object' },
    pipeline: { type: 'object', required: ['slug'], properties: { slug: text } },
  },
} as const
