import { join } from 'node:path'
import fastifyCompress from '@fastify/compress'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const here = import.meta.dirname
const modules = join(here, '..', '..', '..', 'node_modules')

/**
 * The style sheet, scripts and pictures, compressed on their way. Pages are not: they carry tokens beside what people type,
 * and the length of what is compressed would tell (BREACH, 2013).
 */
export async function assets(app: FastifyInstance, { sheet }: { sheet: { css: string; hash: string } }): Promise<void> {
  await app.register(fastifyCompress)
  await app.register(fastifyStatic, { root: join(here, 'assets'), prefix: '/assets/', maxAge: '1h' })
  await app.register(fastifyStatic, {
    root: join(modules, 'govuk-frontend', 'dist', 'govuk'),
    prefix: '/assets/govuk/',
    decorateReply: false,
    maxAge: '1d',
    allowedPath: path => /^\/[a-z-]+\.min\.(js|css)$/.test(path),
  })
  await app.register(fastifyStatic, {
    root: join(modules, 'accessible-autocomplete', 'dist'),
    prefix: '/assets/',
    decorateReply: false,
    maxAge: '1d',
    allowedPath: path => /^\/accessible-autocomplete\.min\.(js|css)$/.test(path),
    wildcard: false,
  })
  app.get(`/assets/style-${sheet.hash}.css`, { config: { may: 'anyone' } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css').send(sheet.css),
  )
}
