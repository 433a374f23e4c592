import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { csv } from '#src/platform/web/csv.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { prose, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { stopEquality } from '#src/promises/rights/act.ts'
import { openCase } from '#src/promises/rights/cases.ts'
import { accessCopy, copyJson, copyRows } from '#src/promises/rights/copy.ts'
import { eightRights, matters } from '#src/promises/rights/rights.ts'
import { askForCode, useCode } from '../../doors/codes.ts'
import { may } from '../permissions.ts'
import { said } from './words.ts'

const resident = { config: { may: may.own } }
const few = { config: { may: may.own, rateLimit: { max: 20, timeWindow: '1 minute' } } }
const wanted = z.object({
  right: z.enum(eightRights, 'Select what you want'),
  words: prose('What you want to say', 5000),
})
const forms = z.object({ code: z.string().default(''), form: z.enum(['page', 'json', 'csv']).catch('page') })

/**
 * Everything held about the person who is signed in, in plain words; a copy to take away after a fresh code (phones are
 * shared); and every right, asked for here. It works for a record that is set aside, too.
 */
export async function dataRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const by = known(request)
    const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, by.id))
    if (!copy) return reply.page('people/me/nothing.njk', { title: 'You have no application' })
    const isRestricted = (await house.vault.record(by.id))?.restricted === true
    return reply.page('people/me/data/data.njk', {
      title: 'What we hold about you',
      back: '/me',
      deleted: sayDate(copy.record.deletedOn),
      says: copy.record.says,
      isRestricted,
      values: copy.values.map(one => ({ ...one, shown: said(one.field, one.value) })),
      openings: copy.openings
        .map(one => ({ ...one, at: sayInstant(new Date(one.at)) }))
        .reverse()
        .slice(0, 100),
      disclosures: copy.disclosures.map(one => ({ ...one, asked: sayDate(new Date(one.asked)) })),
      hasEquality: copy.values.some(one => one.field === 'ethnicity'),
      hasEmail: copy.values.some(one => one.field === 'email'),
      rights: eightRights.map(value => ({ value, text: matters[value].says })),
      contact,
      typed: {},
      ...more,
    })
  }
  app.get('/me/data', resident, (request, reply) => show(request, reply))

  app.post('/me/data/request', few, async (request, reply) => {
    const by = known(request)
    const form = read(wanted, request.body)
    if (!form.ok) return show(request, reply.code(422), { typed: request.body, ...form })
    const web = system('web')
    const made = await within(house, { by: web, for: 'exercise rights' }, async tx => {
      const ask = { by: web, for: 'exercise rights', fields: ['name', 'email', 'phone'] } as const
      const [me] = await house.vault.open(tx, 'panel', ask, [by.id])
      const requester = { name: me?.name ?? '', reach: me?.email ?? me?.phone ?? '' }
      const { right: matter, words } = form.answer
      return openCase(
        tx,
        house,
        web,
        { matter, channel: 'web', requester, words, subject: by.id },
        (inner, id, letter, detail) =>
          tell(inner, house, system('rights'), id, letter, { ...detail, due: sayDate(detail.due ?? '') }),
      )
    })
    return reply.page('people/public/asked.njk', {
      title: 'We have it',
      reference: made.reference,
      due: sayDate(made.due),
      matter: form.answer.right,
      contact,
    })
  })

  app.post('/me/data/equality', few, async (request, reply) => {
    const by = known(request)
    await within(house, { by, for: 'exercise rights' }, tx => stopEquality(tx, house, by, by.id))
    return reply.redirect('/me/data', 303)
  })

  app.post('/me/data/code', few, async (request, reply) => {
    const by = known(request)
    await within(house, { by, for: 'exercise rights' }, async tx => {
      const id = await askForCode(tx, house.clock.now(), by.id)
      if (id) await tell(tx, house, system('doors'), by.id, 'sign-in code', { signIn: id })
    })
    return reply.page('people/me/data/code.njk', { title: 'Check your email', back: '/me/data' })
  })

  app.post('/me/data/copy', few, async (request, reply) => {
    const by = known(request)
    const { code, form } = forms.parse(request.body ?? {})
    const secret = await house.vault.secret('sign-in')
    const copy = await within(house, { by, for: 'exercise rights' }, async tx => {
      if (!(await useCode(tx, house.clock.now(), secret, [by.id], code))) return undefined
      const made = await accessCopy(tx, house, by, by.id)
      const at = house.clock.now()
      if (made)
        await record(tx, {
          actor: by.id,
          role: 'resident',
          purpose: 'exercise rights',
          act: 'copy taken',
          subject: by.id,
          detail: { form },
          at,
        })
      return made
    })
    if (!copy)
      return reply.code(422).page('people/me/data/code.njk', {
        title: 'Check your email',
        back: '/me/data',
        ...refuse({ code: 'The code is wrong or has run out. Check it, or ask for a new one' }),
      })
    if (form === 'json')
      return reply
        .header('content-disposition', 'attachment; filename="my-data.json"')
        .type('application/json')
        .send(Readable.from(copyJson(house, copy)))
    if (form === 'csv') {
      const [head = [], ...rows] = copyRows(copy)
      return reply
        .header('content-disposition', 'attachment; filename="my-data.csv"')
        .type('text/csv; charset=utf-8')
        .send(csv(head, rows))
    }
    return reply.page('people/me/data/copy.njk', {
      title: 'Your copy',
      back: '/me/data',
      copy,
      made: sayInstant(house.clock.now()),
      deleted: sayDate(copy.record.deletedOn),
      values: copy.values.map(one => ({ ...one, shown: said(one.field, one.value) })),
      disclosures: copy.disclosures.map(one => ({ ...one, asked: sayDate(new Date(one.asked)) })),
      rows: Object.entries(copy.rows).map(([table, list]) => ({ table, text: JSON.stringify(list, null, 1) })),
      contact,
    })
  })
}

function known(request: FastifyRequest): Actor {
  if (!request.actor) throw notFound()
  return request.actor
}
