import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyCsrf from '@fastify/csrf-protection'
import fastifyFormbody from '@fastify/formbody'
import fastifyHelmet from '@fastify/helmet'
import fastifyMultipart from '@fastify/multipart'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifyView from '@fastify/view'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import nunjucks from 'nunjucks'
import { isTimeout } from '../database/unreachable.ts'
import { NOT_IN_PRACTICE } from '../database/world.ts'
import { assets } from './assets.ts'
import { PageError } from './errors.ts'
import { styles } from './styles.ts'

/** Who may use a route; what the words mean is decided by `authorize`. A route without it stops the start. */
export type May = string | readonly string[]

declare module 'fastify' {
  interface FastifyContextConfig {
    may?: May
    /** Only for machines that sign what they send: no form token is asked. */
    withoutToken?: true
  }
  interface FastifyInstance {
    /** Every route with who may use it. */
    routeList: string[]
  }
  interface FastifyReply {
    /** Shows a page: the template by its path below `src`, with what every page needs. */
    page(template: string, data?: object): Promise<FastifyReply>
    /** What the pages of this request are told besides; doors add who is signed in. */
    pageData: object
  }
}

export interface WebOptions {
  baseUrl: string
  demo: boolean
  proxies: number
  cookieSecret: Buffer
  brand: { name: string; body: string; phone: string }
  authorize(request: FastifyRequest, reply: FastifyReply, may: May): Promise<unknown>
  /** Where the log goes; tests read it, and `false` keeps it quiet. */
  log?: { write(line: string): void } | false
  onResponse?(route: string, status: number, seconds: number): void
}

const here = import.meta.dirname
const source = join(here, '..', '..')
const modules = join(source, '..', 'node_modules')
const govuk = join(modules, 'govuk-frontend', 'dist')
/** The published hash of the one inline script in GOV.UK Frontend's template. */
const inlineScript = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"

const footerLinks = [
  { text: 'Privacy notice', href: '/notice' },
  { text: 'Your rights', href: '/your-rights' },
  { text: 'Complaints about your data', href: '/complaints' },
  { text: 'Accessibility', href: '/accessibility' },
  { text: 'Cookies', href: '/cookies' },
]

/** The web server without any room: security, views, errors, logs. Rooms add their routes to it. */
export async function server(options: WebOptions): Promise<FastifyInstance> {
  const secure = options.baseUrl.startsWith('https://')
  const sheet = await styles()
  const app = Fastify({
    logger:
      options.log === false
        ? false
        : { level: 'info', base: null, serializers: logged, ...(options.log ? { stream: options.log } : {}) },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: (_address, hop) => hop < options.proxies,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
  })
  routesNeedAccess(app)
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", inlineScript],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
  })
  await app.register(fastifyCookie, { secret: options.cookieSecret.toString('base64') })
  await app.register(fastifyFormbody, { bodyLimit: 1024 * 1024 })
  await app.register(fastifyMultipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fileSize: 25 * 1024 * 1024, files: 1, fields: 200, fieldSize: 256 * 1024 },
  })
  await app.register(fastifyCsrf, {
    cookieKey: secure ? '__Host-token' : 'token',
    cookieOpts: { path: '/', httpOnly: true, sameSite: 'lax', secure, signed: true },
    getToken: request => tokenIn(request.body),
  })
  await app.register(fastifyRateLimit, {
    max: 1800, // an office, a library and a mobile network each come from one address
    timeWindow: '1 minute',
    errorResponseBuilder: () => new PageError(429),
  })
  await app.register(assets, { sheet })
  await app.register(fastifyView, {
    engine: { nunjucks },
    templates: [source, govuk],
    options: { autoescape: true, throwOnUndefined: false, noCache: false },
  })
  app.decorateReply('pageData')
  app.decorateReply('page', async function page(this: FastifyReply, template: string, data: object = {}) {
    const token = this.generateCsrf()
    this.header('cache-control', 'no-store')
    return this.viewAsync(template, {
      assets: { style: sheet.hash },
      brand: options.brand,
      demo: options.demo,
      footerLinks,
      csrf: token,
      ...this.pageData,
      ...data,
    }).then(html => this.type('text/html; charset=utf-8').send(html))
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.pageData = {}
    reply.header('x-request-id', request.id)
  })
  app.addHook('preHandler', async (request, reply) => {
    if (request.is404) return // there is no such page, for anyone
    const { config } = request.routeOptions
    await options.authorize(request, reply, config.may ?? 'nobody')
  })
  app.addHook('preHandler', (request, reply, done) => {
    if (request.is404 || isRead(request.method) || request.routeOptions.config.withoutToken || reply.sent) return done()
    app.csrfProtection(request, reply, done)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    options.onResponse?.(route, reply.statusCode, reply.elapsedTime / 1000)
    if (!route.startsWith('/assets'))
      request.log.info(
        { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'answered',
      )
  })
  app.setErrorHandler((error, request, reply) => explain(error, request, reply))
  app.setNotFoundHandler({ preHandler: app.rateLimit({ max: 300, timeWindow: '1 minute' }) }, async (_request, reply) =>
    explainStatus(reply, 404),
  )
  return app
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function tokenIn(body: unknown): string | undefined {
  if (!body || typeof body !== 'object' || !('_csrf' in body)) return undefined
  return typeof body._csrf === 'string' ? body._csrf : undefined
}

function routesNeedAccess(app: FastifyInstance): void {
  const list: string[] = []
  app.decorate('routeList', list)
  app.addHook('onRoute', route => {
    if (route.url.startsWith('/assets/')) route.config = { may: 'anyone', ...route.config }
    if (!route.config?.may)
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may use it.`)
    for (const method of [route.method].flat())
      if (method !== 'HEAD' && method !== 'OPTIONS')
        list.push(`${method} ${route.url}: ${[route.config.may].flat().join(', ')}`)
  })
}

/** The log holds routes, not addresses with ids; codes, not messages that may quote what a person typed. */
const logged = {
  req: (request: { method: string }) => ({ method: request.method }),
  res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
  err: (error: Error & { code?: string }) => ({
    type: error.constructor.name,
    message: 'not logged',
    code: error.code ?? '',
    stack: ownStack(error),
  }),
}

function ownStack(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter(text => /^\s+at /.test(text))
  return lines
    .slice(0, 8)
    .map(text => text.trim())
    .join(' | ')
}

async function explain(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (error instanceof PageError) return explainStatus(reply, error.statusCode, error.sentence)
  if (error instanceof Error && 'code' in error && error.code === NOT_IN_PRACTICE)
    return explainStatus(reply, 403, 'This belongs to the real panel, so it cannot be changed while you practise.')
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 400 && status < 500) return explainStatus(reply, status === 400 ? 422 : status)
  request.log.error({ err: error, route: request.routeOptions.url }, 'failed')
  return explainStatus(reply, isUnavailable(error) ? 503 : 500, undefined, request.id)
}

/** The database or the disk is away, or full: nothing is wrong with what was asked. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isTimeout(error)) return true
  const code = 'code' in error ? String(error.code) : ''
  // The low byte of SQLite's code: 10 could not read or write, 13 no room left, 14 could not open.
  if ('errcode' in error) return [10, 13, 14].includes(Number(error.errcode) & 0xff)
  return /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|57P0[123]|53\d\d\d|08\w{3}|ENOSPC|EDQUOT|EFBIG|EIO)$/.test(code)
}

const words: { [status: number]: { title: string; sentences: string[] } } = {
  403: {
    title: 'You cannot see this page',
    sentences: ['It is for other people, or you opened it in a way that we cannot trust.'],
  },
  404: {
    title: 'Page not found',
    sentences: ['If you typed the address, check that it is right.', 'If you followed a link, the page may have gone.'],
  },
  413: { title: 'That is too large to send', sentences: ['Nothing was saved. Send a smaller file or less text.'] },
  422: {
    title: 'We could not take that',
    sentences: ['Nothing was saved. Go back, check what you entered and send it again.'],
  },
  429: { title: 'Too many tries', sentences: ['Wait a minute and try again. What you saved before is safe.'] },
  500: {
    title: 'Sorry, there is a problem with the service',
    sentences: ['Try again later.', 'Your saved answers are safe. What you sent just now may not have been saved.'],
  },
  503: {
    title: 'Sorry, the service is unavailable',
    sentences: [
      'It will be back soon: try again in a few minutes.',
      'Your saved answers are safe. What you sent just now was not saved.',
    ],
  },
}

async function explainStatus(
  reply: FastifyReply,
  status: number,
  sentence?: string,
  reference?: string,
): Promise<FastifyReply> {
  const known = words[status] ?? (status >= 500 ? words[500] : words[422])
  reply.code(status in words ? status : Math.min(status, 500))
  if (status === 403 && !sentence) reply.header('x-refused', 'yes')
  return reply.page('platform/web/errors/page.njk', {
    title: known?.title,
    sentences: sentence ? [sentence] : known?.sentences,
    reference,
  })
}

/** Every route with who may use it, a line each, by path: `GET /staff: staff`. */
export function routesTable(app: FastifyInstance): string[] {
  const path = (line: string) => line.slice(line.indexOf(' '))
  return [...app.routeList].sort((a, b) => (path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : a < b ? -1 : 1))
}
