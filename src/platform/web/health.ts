import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface HealthCheck {
  name: string
  /** A short word or count when it is well; throws, or says why not, when it is not. */
  check(): Promise<{ ok: boolean; says: string }>
}

/** What the service tells a machine: /health, and /metrics for Prometheus. Nothing in it is about a person. */
export function healthRoutes(app: FastifyInstance, checks: readonly HealthCheck[], registry: Registry): void {
  app.get('/health', { config: { may: 'anyone' }, logLevel: 'silent' }, async (_request, reply) => {
    const results = await Promise.all(
      checks.map(async ({ name, check }) => {
        const result = await check().catch(() => ({ ok: false, says: 'does not answer' }))
        return [name, result] as const
      }),
    )
    const ok = results.every(([name, result]) => result.ok || name === 'mail') // letters wait; nothing is lost
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok, ...Object.fromEntries(results) })
  })
  app.get('/metrics', { config: { may: 'anyone' }, logLevel: 'silent' }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

/** Measures how long pages take, by route and status, and whatever gauges the rooms offer. */
export function openMetrics(gauges: { name: string; help: string; read(): Promise<number> }[]) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'panel_request_seconds',
    help: 'How long a request took',
    labelNames: ['route', 'status'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'panel_refused_total',
    help: 'Requests refused',
    labelNames: ['status'],
    registers: [registry],
  })
  for (const { name, help, read } of gauges)
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read().catch(() => Number.NaN))
      },
    })
  return {
    registry,
    onResponse: (route: string, status: number, took: number) => {
      seconds.observe({ route, status: String(status) }, took)
      if (status === 403 || status === 429) refused.inc({ status: String(status) })
    },
  }
}
