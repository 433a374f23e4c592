import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { csv } from '#src/platform/web/csv.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { accessCopy, copyJson, copyRows } from '#src/promises/rights/copy.ts'
import { datesIn } from '#src/promises/rights/dates.ts'
import { askForCode, useCode } from '../../doors/codes.ts'
import { byPurpose, sharedWith } from './by-purpose.ts'
import { few, known, onMine, resident } from './mine.ts'
import { said } from './words.ts'

const forms = z.object({ code: z.string().default(''), form: z.enum(['page', 'json', 'csv']).catch('page') })

/** A copy to take away, after a fresh code: phones are shared. And the dates and states of one's record, to read. */
export async function ownCopyRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/me/data/dates', resident, async (request, reply) => {
    const copy = await onMine(house, request, (tx, by) => accessCopy(tx, house, by, by.id))
    if (!copy) return reply.page('people/me/nothing.njk', { title: 'You have no application' })
    return reply.page('people/me/data/dates.njk', {
      title: 'Dates and states of your record',
      back: '/me/data',
      tables: datesIn(copy, 20),
    })
  })

  app.post('/me/data/code', few, async (request, reply) => {
    await onMine(house, request, async (tx, by) => {
      const id = await askForCode(tx, house.clock.now(), by.id)
      if (id) await tell(tx, house, system('doors'), by.id, 'sign-in code', { signIn: id })
    })
    return reply.page('people/me/data/code.njk', { title: 'Check your email', back: '/me/data' })
  })

  app.post('/me/data/copy', few, async (request, reply) => {
    const { id } = known(request)
    const { code, form } = forms.parse(request.body ?? {})
    const secret = await house.vault.secret('sign-in')
    const copy = await onMine(house, request, async (tx, by) => {
      const at = house.clock.now()
      if (!(await useCode(tx, at, secret, [id], code))) return undefined
      const made = await accessCopy(tx, house, by, id)
      const act = { purpose: 'exercise rights', act: 'copy taken', subject: id, detail: { form }, at } as const
      if (made) await record(tx, { actor: id, role: 'resident', ...act })
      return made
    })
    if (!copy)
      return reply.code(422).page('people/me/data/code.njk', {
        title: 'Check your email',
        back: '/me/data',
        form,
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
      purposes: byPurpose(copy).map(one => ({
        ...one,
        own: one.own.map(value => ({ ...value, shown: said(value.field, value.value) })),
      })),
      openings: copy.openings.map(one => ({ ...one, at: sayInstant(new Date(one.at)) })),
      ...sharedWith(copy),
      tables: datesIn(copy),
      contact,
    })
  })
}
