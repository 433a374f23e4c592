import { join } from 'node:path'
import { after } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { simpleParser } from 'mailparser'
import { openSite } from '#src/app.ts'
import { sendLetter } from '#src/panel/correspondence/send.ts'
import { fillDemo } from '#src/people/demo/world.ts'
import { enrichFor } from '#src/people/enrich.ts'
import { readOutbox } from '#src/platform/mail/mailer.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testHouse } from './house.ts'

export interface Shown {
  status: number
  text: string
  location: string
}

/** The whole site with the demo's believable world, and people with browsers that keep cookies and run no script. */
export async function testSite(
  options: Parameters<typeof testHouse>[0] & {
    log?: { write(line: string): void }
    also?: (app: FastifyInstance) => void
    /** How many applications the demo's closed round has; there is none without them. */
    closed?: number
    /** How many members the demo's panel in office has; there is none without them. */
    seated?: number
  } = {},
) {
  const house = await testHouse(options)
  const app = await openSite(house, { log: options.log ?? false })
  options.also?.(app)
  after(() => app.close())
  return siteOf(house, app, options.closed, options.seated)
}

/** The same for a house that the test has opened itself. */
export async function siteOf<H extends House>(house: H, app: FastifyInstance, closed = 0, seated = 0) {
  await fillDemo(house, { closed, seated })
  await app.ready()

  function visitor() {
    let cookies: Record<string, string> = {}
    const ask = async (method: 'GET' | 'POST', url: string, body?: string): Promise<Shown> => {
      const response = await app.inject({
        method,
        url,
        cookies,
        ...(body === undefined
          ? {}
          : { payload: body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      })
      for (const { name, value } of response.cookies) {
        const { [name]: _old, ...rest } = cookies
        cookies = value ? { ...rest, [name]: value } : rest
      }
      return { status: response.statusCode, text: response.body, location: String(response.headers.location ?? '') }
    }
    const get = (url: string) => ask('GET', url)
    /** Opens the page, fills its form in and sends it, as a person does. */
    const send = async (url: string, fields: Record<string, string | string[]> = {}, from = url) => {
      const page = await get(from)
      const form = new URLSearchParams(hiddenIn(page.text))
      for (const [name, value] of Object.entries(fields)) {
        form.delete(name)
        for (const one of [value].flat()) form.append(name, one)
      }
      return ask('POST', url, form.toString())
    }
    return {
      get,
      send,
      raw: (url: string, fields: Record<string, string>) => ask('POST', url, new URLSearchParams(fields).toString()),
      cookies: () => cookies,
      setCookies: (next: Record<string, string>) => {
        cookies = next
      },
    }
  }

  return {
    house,
    app,
    visitor,
    /** A member of the demo's staff at their desk. */
    staff: async (name: string) => {
      const browser = visitor()
      const page = await browser.get('/demo')
      const form = [...page.text.matchAll(/name="who" value="([^"]+)"[\s\S]*?<button[^>]*>\s*([^<]+)/g)]
      const who = form.find(([, , text]) => text?.trim().startsWith(name))?.[1]
      if (!who) throw new Error(`Nobody in the demo is called ${name}.`)
      await browser.send('/demo', { who })
      return browser
    },
    /** Sends what waits, as the worker would, and gives back every letter sent so far. */
    letters: async () => {
      const by = system('mail')
      const rows = await within(house, { by, for: 'exercise rights' }, tx =>
        tx.selectFrom('message').select('id').where('state', '=', 'waiting').where('channel', '=', 'email').execute(),
      )
      for (const { id } of rows) await sendLetter(house, id, enrichFor(house)).catch(() => undefined)
      return Promise.all(
        readOutbox(join(house.config.dataDir, 'outbox')).map(async ({ raw }) => {
          const mail = await simpleParser(raw)
          const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
          return {
            to: to?.value[0]?.address ?? '',
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            messageId: mail.messageId ?? '',
          }
        }),
      )
    },
  }
}

/** The hidden fields of a page's first form. */
export function hiddenIn(html: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    const value = /value="([^"]*)"/.exec(tag)?.[1]
    if (name && !(name in found)) found[name] = value ?? ''
  }
  return found
}
