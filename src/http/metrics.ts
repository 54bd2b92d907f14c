import type { FastifyInstance } from 'fastify'
import { Registry, Gauge, Histogram, collectDefaultMetrics } from 'prom-client'

/** A figure as whoever knows it says it: one value for each set of labels. */
export interface Reading {
  name: string
  help: string
  labels?: readonly string[]
  values: readonly { labels?: Record<string, string>; value: number }[]
}

export interface Metrics {
  /** Times every request of this server, by route and status. To be called before any route is there. */
  watch(server: FastifyInstance): void
  /** What the process knows of itself, and these, in Prometheus' text format. */
  show(readings: readonly Reading[]): Promise<string>
  close(): void
}

/** Seconds. Few, since each is a series for each route and status. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5]

/** The figures of one server, in a registry of their own: a process may hold several. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'headgate_http_request_duration_seconds',
    help: 'How long answers took, by the route that was matched',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  })
  const gauges = new Map<string, Gauge>()
  return {
    watch(server) {
      server.addHook('onResponse', async (request, reply) => {
        const { method, routeOptions } = request
        // Never the path as it was sent: everybody could make series of it.
        const labels = { method, route: routeOptions.url ?? 'none', status: reply.statusCode }
        requests.observe(labels, reply.elapsedTime / 1000)
      })
    },
    async show(readings) {
      for (const { name, help, labels = [], values } of readings) {
        const gauge =
          gauges.get(name) ?? new Gauge({ name, help, labelNames: [...labels], registers: [registry] })
        gauges.set(name, gauge)
        gauge.reset()
        for (const { labels: of = {}, value } of values) gauge.set(of, value)
      }
      return registry.metrics()
    },
    close: () => registry.clear(),
  }
}
