import { after } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { PageError } from '#src/platform/web/errors.ts'
import { server } from '#src/platform/web/server.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'

export interface Answer {
  status: number
  text: string
  location: string
  headers: Record<string, unknown>
}

/** The real web server with some rooms' routes, and whoever the test says at the desk. */
export async function openDesk(house: House, rooms: ((app: FastifyInstance, house: House) => Promise<void>)[]) {
  let who: Actor | undefined
  const app = await server({
    baseUrl: 'http://localhost',
    demo: false,
    proxies: 0,
    cookieSecret: Buffer.alloc(32, 7),
    brand: { name: 'Resident Panel', body: 'Example body', phone: '0300 000 0000' },
    log: process.env.DESK_LOG ? { write: line => void process.stderr.write(line) } : false,
    authorize: async (request, _reply, may) => {
      request.actor = who
      const roles: readonly string[] = typeof may === 'string' ? [may] : may
      if (may !== 'anyone' && !who?.roles.some(role => roles.includes(role))) throw new PageError(403)
    },
  })
  app.decorateRequest('actor')
  for (const routes of rooms) await routes(app, house)
  app.get('/token', { config: { may: 'anyone' } }, async (_request, reply) => reply.generateCsrf())
  await app.ready()
  after(() => app.close())

  let cookies: Record<string, string> = {}
  async function ask(
    method: 'GET' | 'POST',
    url: string,
    sent?: { body: string | Buffer; type: string },
  ): Promise<Answer> {
    const response = await app.inject({
      method,
      url,
      cookies,
      ...(sent ? { payload: sent.body, headers: { 'content-type': sent.type } } : {}),
    })
    for (const { name, value } of response.cookies) cookies = { ...cookies, [name]: value }
    const { statusCode: status, headers } = response
    return { status, text: response.body, location: String(headers.location ?? ''), headers }
  }
  const token = async () => (await ask('GET', '/token')).text
  return {
    app,
    as: (actor: Actor | undefined) => {
      who = actor
    },
    get: (url: string) => ask('GET', url),
    post: async (url: string, fields: Record<string, string | string[]> = {}) => {
      const form = new URLSearchParams({ _csrf: await token() })
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one)
      return ask('POST', url, { body: form.toString(), type: 'application/x-www-form-urlencoded' })
    },
    upload: async (url: string, name: string, file: string | Buffer, fields: Record<string, string> = {}) => {
      const form = new FormData()
      form.append('_csrf', await token())
      for (const [field, value] of Object.entries(fields)) form.append(field, value)
      form.append(name, new Blob([file]), 'upload.csv')
      const request = new Request('http://localhost', { method: 'POST', body: form })
      const body = Buffer.from(await request.arrayBuffer())
      return ask('POST', url, { body, type: request.headers.get('content-type') ?? '' })
    },
  }
}
