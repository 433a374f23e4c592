import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type LetterDetail, type LetterName, letters, writeLetter } from './letters.ts'
import './tables.ts'
import { may } from './permissions.ts'

/** What staff see of letters: every one in the catalogue, what goes by post, whom to ring, and what did not arrive. */
export async function letterRoutes(app: FastifyInstance, house: House): Promise<void> {
  const readers = { config: { may: may.readCatalogue } }
  const officer = { config: { may: may.postAndRing } }
  const names = Object.keys(letters) as LetterName[]

  app.get('/staff/settings/letters', readers, async (_request, reply) =>
    reply.page('panel/correspondence/catalogue.njk', {
      title: 'Letters',
      back: '/staff/settings',
      letters: names.map(name => ({
        ...writeLetter(name, { ...letters[name].example, name: 'Amina Okafor' }),
        name,
        version: letters[name].version,
      })),
    }),
  )

  app.get('/staff/letters', officer, async (request, reply) => {
    const by = known(request.actor)
    return reply.page('panel/correspondence/batch.njk', { title: 'Letters and calls', ...(await outside(house, by)) })
  })
  app.get('/staff/letters/print', officer, async (request, reply) => {
    const by = known(request.actor)
    const page = await outside(house, by)
    return reply.page('panel/correspondence/print.njk', {
      title: 'Letters to post',
      letters: page.post,
      back: '/staff/letters',
    })
  })
  app.post('/staff/letters/:id/done', officer, async (request, reply) => {
    const by = known(request.actor)
    const { id } = z.object({ id: z.uuid().catch('') }).parse(request.params)
    const now = house.clock.now()
    await within(house, { by, for: 'administer the panel' }, async tx => {
      const done = id
        ? await tx
            .updateTable('message')
            .set({ state: 'sent', sent_at: now, error: null })
            .where('id', '=', id)
            .where('state', '!=', 'sent')
            .returning('dossier_id')
            .executeTakeFirst()
        : undefined
      if (!done) throw notFound()
      await record(tx, {
        actor: by.id,
        role: 'officer',
        purpose: 'administer the panel',
        act: 'letter posted or call made',
        subject: done.dossier_id,
        at: now,
      })
    })
    return reply.redirect('/staff/letters', 303)
  })
}

/** Letters that do not go by themselves: to post, to tell by phone, and e-mails whose address was refused. */
async function outside(house: House, by: Actor) {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const rows = await tx
      .selectFrom('message')
      .selectAll()
      .where('state', '!=', 'sent')
      .where(eb => eb.or([eb('channel', '!=', 'email'), eb('state', '=', 'stuck')]))
      .orderBy('queued_at')
      .limit(500)
      .execute()
    const ask = { by, for: 'administer the panel', fields: ['name', 'phone', 'address'] } as const
    const people = new Map(
      (await house.vault.open(tx, 'panel', ask, [...new Set(rows.map(row => row.dossier_id))])).map(one => [
        one.id,
        one,
      ]),
    )
    const shown = rows.flatMap(row => {
      const person = people.get(row.dossier_id)
      if (!person || !isLetter(row.template)) return []
      const detail = row.detail as LetterDetail
      const address: { lines?: string[]; postcode?: string } = person.address ? JSON.parse(person.address) : {}
      const complete =
        'link' in letters[row.template].example && !('link' in detail)
          ? { ...detail, link: house.config.baseUrl }
          : detail
      const words = writeLetter(row.template, {
        ...letters[row.template].example,
        ...complete,
        name: person.name ?? 'there',
      })
      return [
        {
          id: row.id,
          channel: row.channel,
          name: `${person.name ?? ''}${row.for_supporter ? ' (to their supporter)' : ''}`,
          phone: person.phone ?? '',
          address: [...(address.lines ?? []), address.postcode ?? ''].filter(Boolean),
          subject: words.subject,
          text: words.text,
          at: sayDate(row.queued_at),
          error: row.error,
        },
      ]
    })
    return {
      post: shown.filter(one => one.channel === 'letter'),
      calls: shown.filter(one => one.channel === 'call'),
      stuck: shown.filter(one => one.channel === 'email'),
    }
  })
}

function isLetter(name: string): name is LetterName {
  return name in letters
}

function known(actor: Actor | undefined): Actor {
  if (!actor) throw notFound()
  return actor
}
