import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import fastify from 'fastify'

/** The script that shows OpenAPI documents. */
export interface Reader {
  /** Its address, which changes with it. */
  url: string
  gzipped: Buffer
}

/**
 * Scalar's script out of its package, which hands it out by a route of its own only: that route is asked once, on a
 * server that never listens. `root` is where it will be served.
 */
export async function loadReader(root: string): Promise<Reader> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const shelf = fastify()
  const empty = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} }
  await shelf.register(scalar, { routePrefix: '/shelf', configuration: { content: empty } })
  const { statusCode, payload } = await shelf.inject('/shelf/js/scalar.js')
  await shelf.close()
  if (statusCode !== 200) throw new Error(`the page’s script answered ${statusCode}`)
  const digest = hash('sha256', payload, 'base64url').slice(0, 16)
  return { url: `${root}/${digest}.js`, gzipped: await promisify(gzip)(payload) }
}
