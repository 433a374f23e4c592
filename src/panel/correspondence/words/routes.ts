import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type LetterName, letterNames, standardWords } from '../letters.ts'
import { may } from '../permissions.ts'
import { readWords } from './form.ts'
import { bracketsOf, previewOf, sayVersion, slug, storyOf } from './show.ts'
import {
  keepWords,
  passedOver,
  reworded,
  sentWith,
  useStandard,
  useWords,
  type Version,
  versionsOf,
  wordsInForce,
  writersOf,
} from './versions.ts'
import type { Words } from './write.ts'

const reader = { config: { may: may.readCatalogue } }
const writer = { config: { may: may.writeWords } }
const path = '/staff/settings/letters'
const views = 'panel/correspondence/words'
const crumbs = [
  { text: 'Settings', href: '/staff/settings' },
  { text: 'Letters', href: path },
]
type Of = { Params: { letter: string; number: string } }
const asked = z.object({
  case: z.string().catch(''),
  from: z.coerce.number().int().optional().catch(undefined),
  used: z.string().optional().catch(undefined),
})

/** The words of every letter: read as people get them, written anew, put in use, and put back to the standard. */
export async function wordsRoutes(app: FastifyInstance, house: House): Promise<void> {
  const atDesk = <T>(request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>) => {
    const by = request.actor
    if (!by) throw notFound()
    return within(house, { by, for: 'administer the panel' }, tx => work(tx, by))
  }
  const mayWrite = (request: FastifyRequest) =>
    request.actor?.roles.some(role => may.writeWords.some(one => one === role))

  app.get(path, reader, async (request, reply) => {
    const own = await atDesk(request, reworded)
    return reply.page(`${views}/catalogue.njk`, {
      title: 'Letters',
      back: '/staff/settings',
      letters: letterNames.map(name => {
        const words = own.get(name) ?? standardWords(name)
        return { name, subject: words.subject, words: sayVersion(words.version), href: `${path}/${slug(name)}` }
      }),
    })
  })

  app.get<Of>(`${path}/:letter`, reader, async (request, reply) => {
    const name = letterOf(request)
    const query = asked.parse(request.query)
    const shown = await atDesk(request, async tx => {
      const versions = await versionsOf(tx, name)
      const names = await writersOf(tx, house, versions)
      const sent = await sentWith(tx, name)
      const words = await wordsInForce(tx, name)
      const story = storyOf(versions, names, sent)
      return { words, story, sent: sent.get(words.version) ?? 0, passedOver: await passedOver(tx, name) }
    })
    return reply.page(`${views}/letter.njk`, {
      title: shown.words.subject,
      name,
      crumbs,
      ...shown,
      version: sayVersion(shown.words.version),
      isOwn: shown.words.version.startsWith('own'),
      preview: previewOf(name, shown.words, query.case),
      path: `${path}/${slug(name)}`,
      frame: `${path}/${slug(name)}/email`,
      mayWrite: mayWrite(request),
      notice: query.used === undefined ? undefined : 'These words go out from now on.',
    })
  })

  app.get<Of>(`${path}/:letter/words`, writer, async (request, reply) => {
    const name = letterOf(request)
    const { from } = asked.parse(request.query)
    const words = await atDesk(request, async tx =>
      from === undefined ? wordsInForce(tx, name) : wordsOf(name, await versionAt(tx, name, from)),
    )
    return showForm(reply, name, words)
  })

  app.post<Of>(`${path}/:letter/words`, writer, async (request, reply) => {
    const name = letterOf(request)
    const form = readWords(name, request.body)
    if (!form.ok) return showForm(reply.code(422), name, request.body, form)
    const number = await atDesk(request, (tx, by) => keepWords(tx, house, by, name, form.answer))
    return reply.redirect(`${path}/${slug(name)}/versions/${number}`, 303)
  })

  app.get<Of>(`${path}/:letter/versions/:number`, reader, async (request, reply) => {
    const name = letterOf(request)
    const { row, inForce } = await atDesk(request, async tx => ({
      row: await versionAt(tx, name, Number(request.params.number)),
      inForce: (await wordsInForce(tx, name)).version,
    }))
    const words = wordsOf(name, row)
    return reply.page(`${views}/version.njk`, {
      title: `${words.subject}, version ${row.number}`,
      name,
      crumbs: [...crumbs, { text: standardWords(name).subject, href: `${path}/${slug(name)}` }],
      isInForce: inForce === words.version,
      preview: previewOf(name, words, asked.parse(request.query).case),
      path: `${path}/${slug(name)}/versions/${row.number}`,
      frame: `${path}/${slug(name)}/versions/${row.number}/email`,
      again: `${path}/${slug(name)}/words?from=${row.number}`,
      mayWrite: mayWrite(request),
    })
  })

  app.post<Of>(`${path}/:letter/versions/:number/use`, writer, async (request, reply) => {
    const name = letterOf(request)
    const number = Number(request.params.number)
    const isUsed = await atDesk(request, async (tx, by) => {
      await versionAt(tx, name, number)
      return useWords(tx, house, by, name, number)
    })
    return reply.redirect(isUsed ? `${path}/${slug(name)}?used` : `${path}/${slug(name)}/words?from=${number}`, 303)
  })

  app.post<Of>(`${path}/:letter/standard`, writer, async (request, reply) => {
    const name = letterOf(request)
    await atDesk(request, (tx, by) => useStandard(tx, house, by, name))
    return reply.redirect(`${path}/${slug(name)}?used`, 303)
  })

  // The e-mail itself, for the frame in the preview: it brings its own styles, and may do nothing else.
  app.get<Of>(`${path}/:letter/email`, reader, async (request, reply) => {
    const name = letterOf(request)
    return sendEmail(reply, name, await atDesk(request, tx => wordsInForce(tx, name)), request)
  })
  app.get<Of>(`${path}/:letter/versions/:number/email`, reader, async (request, reply) => {
    const name = letterOf(request)
    const row = await atDesk(request, tx => versionAt(tx, name, Number(request.params.number)))
    return sendEmail(reply, name, wordsOf(name, row), request)
  })
}

function letterOf(request: FastifyRequest<Of>): LetterName {
  const found = letterNames.find(name => slug(name) === request.params.letter)
  if (!found) throw notFound()
  return found
}

async function versionAt(tx: Tx, name: LetterName, number: number): Promise<Version> {
  const found = (await versionsOf(tx, name)).find(one => one.number === number)
  if (!found) throw notFound()
  return found
}

function wordsOf(name: LetterName, row: Version): Words {
  if (row.subject === null || row.body === null) return standardWords(name)
  return { subject: row.subject, body: row.body, version: `own ${row.number}` }
}

function showForm(reply: FastifyReply, name: LetterName, values: unknown, refusal: object = {}) {
  return reply.page(`${views}/write.njk`, {
    title: 'Change the words',
    subject: standardWords(name).subject,
    back: `${path}/${slug(name)}`,
    values,
    ...bracketsOf(name),
    ...refusal,
  })
}

function sendEmail(reply: FastifyReply, name: LetterName, words: Words, request: FastifyRequest) {
  const { html } = previewOf(name, words, asked.parse(request.query).case)
  return reply
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
    .header('x-frame-options', 'SAMEORIGIN')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html)
}
