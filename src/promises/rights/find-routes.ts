import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import { line, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import type { ShowCase } from './case-page.ts'
import { caseById, openCase, step } from './cases.ts'
import { atDesk, type ById, caseAt, casesPath, dpo } from './desk.ts'
import { candidates, findRecords, mostFound } from './find.ts'
import { foundBy, isTheirOwn } from './stands.ts'

const asked = z.object({
  address: line('Enter an email address, a phone number or a name', 'What you look for', 254),
  as: z.enum(['self', 'authority']).optional(),
  record: z.union([z.array(z.uuid()), z.uuid().transform(one => [one])]).catch([]),
})

/** Finds the record that a request is about; of several that fit, a person says which. */
export async function findRoutes(app: FastifyInstance, house: House, show: ShowCase): Promise<void> {
  app.post<ById>(`${casesPath}/:id/subject`, dpo, async (request, reply) => {
    const form = read(asked, request.body)
    const { id } = request.params
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const { address, as, record } = form.answer
    const refused = await atDesk(house, request, async (tx, by) => {
      const { one, requester } = await caseAt(tx, house, by, id)
      if (one.subject) return refuse({ address: 'The record was found already' })
      const found = await findRecords(tx, house, by, address)
      if (!found.length) return refuse({ address: 'No living record has this email address, phone number or name' })
      if (found.length > mostFound) return refuse({ address: 'More than 20 records fit: enter more of the name' })
      const chosen = found.filter(each => record.includes(each))
      if (found.length > 1 && !chosen.length)
        return {
          ...(record.length ? refuse({ record: 'Select the record, or look again' }) : {}),
          found: await candidates(tx, house, by, found),
        }
      const [first = '', ...more] = chosen.length ? chosen : found
      if (!as && !isTheirOwn(requester.reach, address))
        return {
          ...refuse({ as: 'Select who asks: the address in the record is not the one they gave' }),
          found: found.length > 1 ? await candidates(tx, house, by, found) : undefined,
        }
      const noted = foundBy[as ?? 'self']
      await step(tx, house, by, id, noted, { subject: first })
      for (const other of more) await twin(tx, house, by, id, other, noted)
      return undefined
    })
    if (refused) return show(request, reply.code(422), id, { values: request.body, ...refused })
    return reply.redirect(`${casesPath}/${id}`, 303)
  })
}

/** Who asks has another record: the same request about it is a case of its own, with the same clock. */
async function twin(tx: Tx, house: House, by: Actor, id: string, other: string, noted: string): Promise<void> {
  const held = await caseById(tx, house, by, id)
  if (!held) return
  const { matter, channel, received_at: receivedAt, reference } = held.one
  const made = await openCase(tx, house, by, {
    matter,
    channel,
    requester: held.requester,
    words: held.account.words,
    receivedAt,
    subject: other,
    enteredBy: by.id,
    note: `${noted}. They have more than one record: ${reference} is about another`,
  })
  await step(tx, house, by, id, 'other record found', {}, undefined, made.reference)
}
